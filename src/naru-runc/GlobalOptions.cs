using Naru.Base;
using Naru.Linux;
using Naru.Runc.CommandLine;
using Naru.Runtime.Lifecycle;

namespace Naru.Runc;

/// <summary>What the flags before the command say.</summary>
internal sealed record GlobalOptions
{
    private const string Folder = "naru-runc", SystemRoot = $"/run/{Folder}";

    /// <summary>Absolute path of the folder that the containers' state is kept in.</summary>
    public required string Root { get; init; }

    public bool SystemdCgroup { get; init; }

    /// <summary>As it was given: it is read by the commands that need it, and wrong for them alone.</summary>
    private string RootlessText { get; init; } = "";

    /// <exception cref="NaruException">It is no such value.</exception>
    public RootlessMode Rootless => RootlessText switch
    {
        "" or "auto" => RootlessMode.Auto,
        "1" or "t" or "T" or "true" or "TRUE" or "True" => RootlessMode.Yes,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => RootlessMode.No,
        var other => throw NaruException.Invalid($"strconv.ParseBool: parsing \"{other}\": invalid syntax"),
    };

    /// <exception cref="NaruException">The user's own root is not there and cannot be made.</exception>
    public static GlobalOptions Of(Arguments global) => new()
    {
        Root = Path.GetFullPath(global.Value("root") is { } root ? $"./{root}" is "./" ? "." : root : MadeUsersRoot() ?? SystemRoot),
        SystemdCgroup = global.Has("systemd-cgroup"),
        RootlessText = global.Value("rootless") ?? "",
    };

    public static string DefaultRoot() => UsersRoot() ?? SystemRoot;

    /// <summary>In the folder of a user's own run-time files for who is not root, or root of a user's namespace only: then USER is someone else, or nobody. Null for root.</summary>
    private static string? UsersRoot()
    {
        var own = Processes.EffectiveUid != 0 || (LinuxNamespaces.InUserNamespace() && Environment.GetEnvironmentVariable("USER") != "root");
        return own && Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime ? Path.Combine(runtime, Folder) : null;
    }

    /// <summary>Sticky: whoever clears old files out of run-time folders leaves such alone.</summary>
    private static string? MadeUsersRoot()
    {
        var root = UsersRoot();
        if (root is null || Directory.Exists(root))
            return root;
        try
        {
            Directory.CreateDirectory(root, UnixFileMode.StickyBit | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return root;
        }
        catch (UnauthorizedAccessException denied)
        {
            Files.WriteStandard(2, "the path in $XDG_RUNTIME_DIR must be writable by the user\n");
            throw new NaruException(ErrorKind.PermissionDenied, $"mkdir {root}: permission denied", denied);
        }
    }
}
