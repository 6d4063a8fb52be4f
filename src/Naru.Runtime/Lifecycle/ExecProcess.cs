using System.Globalization;
using System.Text.Json;
using Naru.Base;
using Naru.Oci.Runtime;
using Naru.Runtime.SpecValidation;
using Files = Naru.Linux.Files;
using OpenFlags = Naru.Linux.OpenFlags;

namespace Naru.Runtime.Lifecycle;

/// <summary>The process of an exec: a process.json, or the container's own process with the command line's changes.</summary>
internal static class ExecProcess
{
    public static Process Build(ExecOptions options, Spec spec)
    {
        if (options.ProcessFile is null && options.Args.Count == 0)
            throw NaruException.Invalid("exec args cannot be empty");
        var process = options.ProcessFile is null ? FromOptions(options, spec.Process!) : Complete(FromFile(options.ProcessFile), spec.Process!);
        SpecReader.CheckProcess(process);
        return process;
    }

    private static Process FromFile(string path)
    {
        using var handle = Files.TryOpen(path, OpenFlags.ReadOnly) ?? throw NaruException.NotFound($"open {path}: no such file or directory");
        var json = Files.ReadAll(handle);
        try
        {
            return JsonCursor.Whole(json, SpecParser.ProcessOf);
        }
        catch (Exception failure) when (failure is JsonException or NaruException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, JsonTrouble.Of(json) ?? $"{path}: {failure.Message}", failure);
        }
    }

    /// <summary>What a process file does not speak of is the container's own; resource limits are not.</summary>
    private static Process Complete(Process asked, Process own) => asked with
    {
        User = (asked.User ?? new User()) with { Umask = asked.User?.Umask ?? own.User?.Umask },
        Capabilities = asked.Capabilities ?? own.Capabilities,
        ApparmorProfile = asked.ApparmorProfile is { Length: > 0 } ? asked.ApparmorProfile : own.ApparmorProfile,
        SelinuxLabel = asked.SelinuxLabel is { Length: > 0 } ? asked.SelinuxLabel : own.SelinuxLabel,
        Scheduler = asked.Scheduler ?? own.Scheduler,
        IoPriority = asked.IoPriority ?? own.IoPriority,
        ExecCpuAffinity = asked.ExecCpuAffinity ?? own.ExecCpuAffinity,
        OomScoreAdj = asked.OomScoreAdj ?? own.OomScoreAdj,
    };

    private static Process FromOptions(ExecOptions options, Process own) => own with
    {
        Args = options.Args,
        Cwd = options.Cwd ?? own.Cwd,
        Env = [.. own.Env ?? [], .. options.Env],
        User = WithUser(options, own.User ?? new User()),
        Capabilities = WithCapabilities(options.Capabilities, own.Capabilities),
        NoNewPrivileges = options.NoNewPrivileges ?? own.NoNewPrivileges,
        ApparmorProfile = options.Apparmor ?? own.ApparmorProfile,
        SelinuxLabel = options.ProcessLabel ?? own.SelinuxLabel,
        Terminal = options.Terminal,
        ConsoleSize = null,
    };

    private static User WithUser(ExecOptions options, User own)
    {
        var user = own with { AdditionalGids = [.. own.AdditionalGids ?? [], .. options.AdditionalGids] };
        if (options.User is null)
            return user;
        var parts = options.User.Split(':', 2);
        return user with { Uid = Id(parts[0], "uid"), Gid = parts.Length == 2 ? Id(parts[1], "gid") : user.Gid };
    }

    private static uint Id(string text, string what) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= int.MaxValue
            ? id
            : throw NaruException.Invalid(text.Length > 0 && text.All(char.IsAsciiDigit)
                ? "uids and gids must be in range 0-2147483647"
                : $"bad {what}: strconv.Atoi: parsing \"{text}\": invalid syntax");

    /// <remarks>One that the container's own process may inherit is ambient too, or a user other than root would not have it.</remarks>
    private static Capabilities? WithCapabilities(IReadOnlyList<string> added, Capabilities? own)
    {
        if (added.Count == 0)
            return own;
        return new Capabilities
        {
            Bounding = [.. own?.Bounding ?? [], .. added],
            Effective = [.. own?.Effective ?? [], .. added],
            Permitted = [.. own?.Permitted ?? [], .. added],
            Inheritable = own?.Inheritable,
            Ambient = [.. own?.Ambient ?? [], .. added.Where(name => own?.Inheritable?.Contains(name) == true)],
        };
    }
}
