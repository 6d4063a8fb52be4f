using System.Data.Common;
using System.Globalization;
using Naru.Base;
using Npgsql;

namespace Naru.Hub.Metadata;

/// <summary>How PostgreSQL is reached: <c>postgres://user:password@host:port/database?sslmode=require</c>, or Npgsql's <c>Host=…;Username=…</c>.</summary>
/// <remarks>libpq's form of an address, "Connection URIs" in PostgreSQL's manual; what follows <c>?</c> are Npgsql's keywords.</remarks>
internal static class PostgresAddress
{
    private const string Defaults = "Application Name=naru-hub;Maximum Pool Size=20;Max Auto Prepare=256;Auto Prepare Min Usages=2;TCP Keepalive=true;Include Error Detail=false;";

    /// <summary>Settings with those of the hub where the address says nothing.</summary>
    /// <exception cref="NaruException">InvalidArgument: it is neither; never with the password in its text.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string address)
    {
        try
        {
            var text = address.StartsWith("postgres://", StringComparison.Ordinal) || address.StartsWith("postgresql://", StringComparison.Ordinal) ? FromUri(new Uri(address)) : address;
            // The last of two settings of one name holds.
            return new NpgsqlConnectionStringBuilder(Defaults + text);
        }
        catch (Exception e) when (e is ArgumentException or UriFormatException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"the database's address must be postgres://user:password@host/database, or Host=…;Username=…;Database=…: {e.Message}", e);
        }
    }

    private static string FromUri(Uri uri)
    {
        var settings = new DbConnectionStringBuilder();
        if (uri.Host.Length > 0)
            settings["Host"] = uri.Host;
        if (uri.Port > 0)
            settings["Port"] = uri.Port.ToString(CultureInfo.InvariantCulture);
        if (uri.AbsolutePath.Length > 1)
            settings["Database"] = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        var colon = uri.UserInfo.IndexOf(':');
        if (uri.UserInfo.Length > 0)
            settings["Username"] = Uri.UnescapeDataString(colon < 0 ? uri.UserInfo : uri.UserInfo[..colon]);
        if (colon >= 0)
            settings["Password"] = Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=');
            if (equals <= 0)
                throw new FormatException($"{pair} is no setting");
            settings[Name(pair[..equals])] = Uri.UnescapeDataString(pair[(equals + 1)..]);
        }

        return settings.ConnectionString;
    }

    /// <summary>libpq's words, where Npgsql has others.</summary>
    private static string Name(string name) => name switch
    {
        "sslmode" => "SSL Mode",
        "host" => "Host",
        "application_name" => "Application Name",
        "connect_timeout" => "Timeout",
        "sslrootcert" => "Root Certificate",
        _ => Uri.UnescapeDataString(name),
    };
}
