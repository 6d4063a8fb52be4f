using Naru.Base;

namespace Naru.Engine.Containers;

/// <summary>The program that <c>--init</c> makes a container's pid 1: ours beside narud, else Docker's on PATH. It is bind-mounted, so it must be static.</summary>
internal static class InitProgram
{
    /// <summary>Where it is in the container.</summary>
    public const string Target = "/sbin/docker-init";

    private static readonly string[] Names = ["naru-init", "docker-init"];

    /// <exception cref="NaruException">InvalidArgument: there is none.</exception>
    public static string Find()
    {
        var folders = (string[])[Path.GetDirectoryName(Environment.ProcessPath) ?? "", .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)];
        foreach (var name in Names)
        {
            if (folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } found)
                return found;
        }

        throw NaruException.Invalid("exec: \"docker-init\": executable file not found in $PATH");
    }
}
