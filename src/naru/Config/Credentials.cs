using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Naru.Cli.Config;

/// <summary>The logins: in the config file, or behind docker-credential-NAME programs.</summary>
internal static class Credentials
{
    /// <summary>The X-Registry-Auth header for a registry; an empty login when none is kept.</summary>
    public static Dictionary<string, string> Header(ConfigFile config, string registry)
    {
        var auth = Find(config, registry) ?? new AuthConfig();
        var json = JsonSerializer.SerializeToUtf8Bytes(auth, ApiJson.Default.AuthConfig);
        return new Dictionary<string, string> { ["X-Registry-Auth"] = Convert.ToBase64String(json).Replace('+', '-').Replace('/', '_') };
    }

    public static AuthConfig? Find(ConfigFile config, string registry)
    {
        if (Helper(config, registry) is { } helper)
            return FromHelper(helper, registry);
        // A login may have been kept with its scheme or path.
        return config.Auth(registry) ?? config.AuthKeys.Where(key => HostOf(key) == registry).Select(config.Auth).FirstOrDefault();
    }

    public static void Store(ConfigFile config, string registry, AuthConfig auth)
    {
        if (Helper(config, registry) is not { } helper)
        {
            config.StoreAuth(registry, auth);
            return;
        }

        var token = auth.IdentityToken is { Length: > 0 };
        var entry = new JsonObject { ["ServerURL"] = registry, ["Username"] = token ? "<token>" : auth.Username, ["Secret"] = token ? auth.IdentityToken : auth.Password };
        Call(helper, "store", entry.ToJsonString());
        config.StoreAuth(registry, auth, bare: true);
    }

    public static void Erase(ConfigFile config, string registry)
    {
        if (Helper(config, registry) is { } helper)
            Call(helper, "erase", registry);
        config.StoreAuth(registry, null);
    }

    public static bool HasHelper(ConfigFile config, string registry) => Helper(config, registry) is not null;

    private static string HostOf(string key)
    {
        var mark = key.IndexOf("://", StringComparison.Ordinal);
        return (mark < 0 ? key : key[(mark + 3)..]).Split('/')[0];
    }

    private static string? Helper(ConfigFile config, string registry) =>
        config.CredentialHelpers?.GetValueOrDefault(registry) is { Length: > 0 } own ? own : config.CredentialsStore;

    private static AuthConfig? FromHelper(string helper, string registry)
    {
        var answer = Call(helper, "get", registry, notFoundIsNull: true);
        if (answer is null || JsonNode.Parse(answer) is not JsonObject entry)
            return null;
        var (user, secret) = ((string?)entry["Username"], (string?)entry["Secret"]);
        return user == "<token>" ? new AuthConfig { ServerAddress = registry, IdentityToken = secret } : new AuthConfig { ServerAddress = registry, Username = user, Password = secret };
    }

    private static string? Call(string helper, string verb, string input, bool notFoundIsNull = false)
    {
        var program = $"docker-credential-{helper}";
        var start = new ProcessStartInfo(program, verb) { RedirectStandardInput = true, RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(start)!;
            Hand(process, input);
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
                return output;
            // The helpers' protocol has no other sign for "no such login" than this sentence.
            return notFoundIsNull && output.Trim() == "credentials not found in native keychain"
                ? null
                : throw new NaruException(ErrorKind.Internal, $"error {(verb == "get" ? "getting" : verb == "store" ? "storing" : "erasing")} credentials - err: exit status {process.ExitCode}, out: `{output.Trim()}`");
        }
        catch (global::System.ComponentModel.Win32Exception)
        {
            throw new NaruException(ErrorKind.NotFound, $"error {(verb == "get" ? "getting" : verb == "store" ? "storing" : "erasing")} credentials - err: exec: {GoText.Quote(program)}: executable file not found in $PATH, out: ``");
        }
    }

    /// <summary>A helper may answer and end before it has read its input: its exit status tells whether that was well.</summary>
    private static void Hand(Process process, string input)
    {
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }
}
