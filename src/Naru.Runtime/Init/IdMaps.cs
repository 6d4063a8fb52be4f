using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Hooks;

namespace Naru.Runtime.Init;

/// <summary>The ids of a new user namespace, which only a process outside may set.</summary>
internal static class IdMaps
{
    /// <summary>Lines of «inside outside count».</summary>
    public static string TextOf(IReadOnlyList<IdMapping>? mappings)
    {
        var text = new StringBuilder();
        foreach (var mapping in mappings ?? [])
            text.Append(CultureInfo.InvariantCulture, $"{mapping.ContainerId} {mapping.HostId} {mapping.Size}\n");
        return text.ToString();
    }

    /// <summary>Sets the maps of a process that waits in its new user namespace: by itself where the kernel allows it, else by newuidmap and newgidmap of PATH, which root has let others use.</summary>
    /// <exception cref="NaruException"/>
    public static void Write(int pid, IReadOnlyList<IdMapping>? uids, IReadOnlyList<IdMapping>? gids)
    {
        // A user may map the own group alone by itself, and only once the process has no way left to drop groups; newgidmap sees to that where it is needed.
        if (Processes.EffectiveUid != 0 && gids is [{ Size: 1 } only] && only.HostId == Processes.EffectiveGid)
            Files.WriteText($"/proc/{pid}/setgroups", "deny");
        WriteOne($"/proc/{pid}/uid_map", uids, "newuidmap", pid);
        WriteOne($"/proc/{pid}/gid_map", gids, "newgidmap", pid);
    }

    private static void WriteOne(string file, IReadOnlyList<IdMapping>? mappings, string tool, int pid)
    {
        try
        {
            Files.WriteText(file, TextOf(mappings));
        }
        catch (LinuxException denied) when (denied.Number == Errno.EPERM && Processes.EffectiveUid != 0)
        {
            if (ProgramPath.TryFind(tool, Environment.GetEnvironmentVariable("PATH") ?? "") is not { } program)
                throw new NaruException(ErrorKind.NotFound, $"failed to use {tool} on {pid}: mapping tool not present: {tool} is not in PATH");
            Run(program, tool, mappings ?? [], pid);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"failed to update {file}: {Errno.Text(failure.Number)}", failure);
        }
    }

    private static void Run(string program, string tool, IReadOnlyList<IdMapping> mappings, int pid)
    {
        var words = new List<string> { tool, pid.ToString(CultureInfo.InvariantCulture) };
        foreach (var mapping in mappings)
        {
            words.Add(mapping.ContainerId.ToString(CultureInfo.InvariantCulture));
            words.Add(mapping.HostId.ToString(CultureInfo.InvariantCulture));
            words.Add(mapping.Size.ToString(CultureInfo.InvariantCulture));
        }

        var end = new HelperProgram(program, words).Run();
        if (!end.Succeeded)
            throw new NaruException(ErrorKind.PermissionDenied, $"failed to use {tool} on {pid}: {end.Refusal ?? $"{end.End}: {end.Output}{end.Error}".TrimEnd()}");
    }
}
