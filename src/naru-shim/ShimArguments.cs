namespace Naru.Shim;

/// <summary>The shim's command line, as containerd's shim v2 contract gives it: flags with one dash or two, then the action.</summary>
internal sealed record ShimArguments
{
    public const string Usage = """
        Usage: naru-shim [flags] [start|delete]
          -namespace NAME      namespace that owns the shim
          -id ID               id of the task
          -address PATH        containerd's gRPC address
          -publish-binary PATH containerd's program (events go by ttrpc: not run)
          -bundle PATH         path to the bundle; the working directory unless told
          -socket PATH         socket path to serve
          -debug               debug lines in the log
          -info                print what this shim is, as containerd.types.RuntimeInfo
          -v                   print the version

        """;

    public string Namespace { get; private set; } = "";

    public string Id { get; private set; } = "";

    public string Address { get; private set; } = "";

    public string PublishBinary { get; private set; } = "";

    public string Bundle { get; private set; } = Environment.CurrentDirectory;

    public string Socket { get; private set; } = "";

    public bool Debug { get; private set; }

    public bool Info { get; private set; }

    public bool Version { get; private set; }

    public string Action { get; private set; } = "";

    /// <exception cref="NaruException">InvalidArgument: an unknown flag, a flag without its value, an unknown action.</exception>
    public static ShimArguments Parse(string[] words)
    {
        var parsed = new ShimArguments();
        var at = 0;
        for (; at < words.Length && words[at].StartsWith('-'); at++)
        {
            var name = words[at].TrimStart('-');
            var equals = name.IndexOf('=');
            var given = equals < 0 ? null : name[(equals + 1)..];
            name = equals < 0 ? name : name[..equals];
            string Value() => given ?? (++at < words.Length ? words[at] : throw NaruException.Invalid($"flag needs an argument: -{name}"));
            bool Switch() => given is null or "true" or "1";
            switch (name)
            {
                case "namespace": parsed.Namespace = Value(); break;
                case "id": parsed.Id = Value(); break;
                case "address": parsed.Address = Value(); break;
                case "publish-binary": parsed.PublishBinary = Value(); break;
                case "bundle": parsed.Bundle = Path.GetFullPath(Value()); break;
                case "socket": parsed.Socket = Value(); break;
                case "debug": parsed.Debug = Switch(); break;
                case "info": parsed.Info = Switch(); break;
                case "v" or "version": parsed.Version = Switch(); break;
                default: throw NaruException.Invalid($"flag provided but not defined: -{name}");
            }
        }
        if (at < words.Length)
            parsed.Action = words[at];
        return parsed.Action is "" or "start" or "delete" ? parsed : throw NaruException.Invalid($"unknown action «{parsed.Action}»: start or delete");
    }
}
