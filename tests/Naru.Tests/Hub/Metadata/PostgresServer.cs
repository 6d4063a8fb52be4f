using System.Diagnostics;
using Naru.Hub.Metadata;
using Npgsql;

namespace Naru.Tests.Hub.Metadata;

/// <summary>A PostgreSQL of the tests' own, started by the first who asks: data and socket in a temporary folder, no port.</summary>
public sealed class PostgresServer : IDisposable
{
    private readonly Lazy<string> folder;
    private Process? server;
    private int schemas;

    public PostgresServer() => folder = new Lazy<string>(Start);

    /// <summary>Why there is none; null when there is.</summary>
    public static string? Missing =>
        Programs is null ? "not installed: postgresql" : Environment.IsPrivilegedProcess && !File.Exists("/usr/bin/setpriv") ? "not installed: setpriv" : null;

    private static string? Programs { get; } = (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
        .Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order().LastOrDefault();

    private string Plain => $"Host={folder.Value};Username=hub;Database=postgres;";

    /// <summary>The address of an empty place for tables: a schema of its own, which is made in no time, unlike a database.</summary>
    public string NewDatabase()
    {
        var name = $"hub{Interlocked.Increment(ref schemas)}";
        Execute($"CREATE SCHEMA {name}");
        return $"{Plain}Search Path={name}";
    }

    /// <summary>Runs a statement beside the hub.</summary>
    public void Execute(string sql)
    {
        using var connection = new NpgsqlConnection($"{Plain}Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public void Stop()
    {
        if (server is null)
            return;
        // Immediate shutdown: every connection breaks, as when the machine goes.
        Run("kill", "-QUIT", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        server.WaitForExit();
        server.Dispose();
        server = null;
    }

    public void Launch()
    {
        var data = Path.Combine(folder.IsValueCreated ? folder.Value : throw new InvalidOperationException("not made yet"), "data");
        server = Begin(data);
    }

    public void Dispose()
    {
        Stop();
        if (folder.IsValueCreated)
            Directory.Delete(folder.Value, recursive: true);
    }

    private string Start()
    {
        var made = Directory.CreateTempSubdirectory("naru-pg-").FullName;
        try
        {
            if (Environment.IsPrivilegedProcess)
                Run("chown", "nobody:nogroup", made);
            var data = Path.Combine(made, "data");
            Run([.. Unprivileged(), Path.Combine(Programs!, "initdb"), "-D", data, "-U", "hub", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]);
            server = Begin(data);
            return made;
        }
        catch
        {
            Directory.Delete(made, recursive: true);
            throw;
        }
    }

    private static Process Begin(string data)
    {
        var socket = Path.GetDirectoryName(data)!;
        var process = Process.Start(Command([.. Unprivileged(), Path.Combine(Programs!, "postgres"), "-D", data, "-k", socket,
            "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "autovacuum=off", "-c", "deadlock_timeout=100ms", "-c", "shared_buffers=16MB", "-c", "max_connections=200"]))!;
        _ = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        for (var i = 0; ; i++)
        {
            try
            {
                using var connection = new NpgsqlConnection($"Host={socket};Username=hub;Database=postgres;Pooling=false");
                connection.Open();
                return process;
            }
            catch (NpgsqlException) when (i < 200 && !process.HasExited)
            {
                Thread.Sleep(50);
            }
        }
    }

    private static string[] Unprivileged() => Environment.IsPrivilegedProcess ? ["/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] : [];

    private static void Run(params string[] command)
    {
        using var process = Process.Start(Command(command))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command[^1]}: {output.Result}{error}");
    }

    private static ProcessStartInfo Command(string[] command) =>
        new(command[0], command.AsEnumerable().Skip(1)) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
}
