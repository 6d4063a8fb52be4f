using Naru.Cli.Config;

namespace Naru.Cli.Commands.Contexts;

/// <summary>`--docker host=…,ca=…,cert=…,key=…,skip-tls-verify=…` or `from=…`.</summary>
internal static class DockerEndpoint
{
    public const string Usage = "set the docker endpoint";

    public const string Help = "\n\nDocker endpoint config:\n\nNAME                DESCRIPTION\nfrom                Copy named context's Docker endpoint configuration\nhost                Docker endpoint on which to connect\nca                  Trust certs signed only by this CA\ncert                Path to TLS certificate file\nkey                 Path to TLS key file\nskip-tls-verify     Skip TLS certificate validation\n\nExample:\n\n$ docker context {0} my-context --description \"some description\" --docker \"host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file\"";

    public static ListFlag Flag(FlagSet flags) => flags.Add(new ListFlag("docker", null, Usage, "stringToString", Check, commas: true) { DefaultText = "[]" });

    /// <summary>Stores the endpoint that the flag describes with the context's name and description.</summary>
    public static void Store(CliContext context, ContextStore store, string name, string description, IReadOnlyList<string> words)
    {
        var fields = words.Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        foreach (var key in fields.Keys)
        {
            if (key is not ("from" or "host" or "ca" or "cert" or "key" or "skip-tls-verify"))
                throw new ExitException(1, $"unable to create docker endpoint config: unrecognized config key: {key}");
        }

        if (fields.TryGetValue("from", out var from))
        {
            var (copied, tls) = Copy(context, store, from);
            store.Save(copied with { Name = name, Description = description });
            store.SaveTls(name, tls);
            return;
        }

        var host = fields.GetValueOrDefault("host", "");
        if (host.Length > 0)
        {
            try
            {
                EngineAddress.Parse(host);
            }
            catch (NaruException e)
            {
                throw new ExitException(1, $"unable to create docker endpoint config: {e.Message}");
            }
        }

        var skip = fields.TryGetValue("skip-tls-verify", out var text) && FlagValues.Bool(text);
        var files = new Dictionary<string, byte[]>();
        foreach (var (key, file) in ((string, string)[])[("ca", "ca.pem"), ("cert", "cert.pem"), ("key", "key.pem")])
        {
            if (fields.GetValueOrDefault(key) is not { Length: > 0 } path)
                continue;
            if (!File.Exists(path))
                throw new ExitException(1, $"unable to create docker endpoint config: open {path}: no such file or directory");
            files[file] = File.ReadAllBytes(path);
        }

        store.Save(new StoredContext(name, description, host, skip));
        store.SaveTls(name, files);
    }

    /// <summary>A context's endpoint, or that of the engine which is used without one.</summary>
    public static (StoredContext Context, IReadOnlyDictionary<string, byte[]> Tls) Copy(CliContext context, ContextStore store, string from) =>
        from == ContextStore.Default ? (Standard(context), new Dictionary<string, byte[]>()) : (store.Get(from), store.Tls(from));

    /// <summary>The default context: what DOCKER_HOST or the local socket say.</summary>
    public static StoredContext Standard(CliContext context)
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST");
        return new StoredContext(ContextStore.Default, "", context.Globals.Host.Changed ? context.Globals.Host.Value : string.IsNullOrEmpty(host) ? EngineAddress.Default : host, false);
    }

    private static string Check(string text) => text.Contains('=') ? text : throw new FlagException($"{text} must be formatted as key=value");
}
