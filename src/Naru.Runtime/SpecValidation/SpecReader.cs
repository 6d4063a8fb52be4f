using System.Text.Json;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Cgroups;
using Naru.Runtime.Init;
using Naru.Runtime.Resctrl;

namespace Naru.Runtime.SpecValidation;

/// <summary>Reads config.json and refuses what cannot be run, by a message that names what is wrong.</summary>
internal static class SpecReader
{
    /// <summary>The bytes of a bundle's config.json.</summary>
    /// <exception cref="NaruException">NotFound</exception>
    public static byte[] Load(string bundle)
    {
        if (!Directory.Exists(bundle))
            throw NaruException.NotFound($"chdir {bundle}: no such file or directory");
        using var handle = Files.TryOpen(Path.Combine(bundle, "config.json"), OpenFlags.ReadOnly)
            ?? throw NaruException.NotFound("JSON specification file config.json not found");
        return Files.ReadAll(handle);
    }

    /// <exception cref="NaruException">InvalidArgument</exception>
    public static Spec Parse(ReadOnlySpan<byte> json)
    {
        Spec spec;
        try
        {
            spec = JsonCursor.Whole(json, SpecParser.SpecOf);
        }
        catch (Exception failure) when (failure is JsonException or NaruException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, JsonTrouble.Of(json) ?? $"config.json: {failure.Message}", failure);
        }

        Check(spec);
        return spec;
    }

    /// <summary>The resources of an update.</summary>
    public static Resources ParseResources(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonCursor.Whole(json, SpecParser.ResourcesOf);
        }
        catch (JsonException failure)
        {
            throw new NaruException(ErrorKind.InvalidArgument, JsonTrouble.Of(json) ?? failure.Message, failure);
        }
    }

    public static void CheckProcess(Process? process)
    {
        if (process is null)
            throw NaruException.Invalid("process property must not be empty");
        if (process.Args is not { Count: > 0 })
            throw NaruException.Invalid("args must not be empty");
        if (process.Cwd.Length == 0)
            throw NaruException.Invalid("Cwd property must not be empty");
        if (process.Cwd[0] != '/')
            throw NaruException.Invalid("Cwd must be an absolute path");
        if (process.User is { } user && (user.Uid > int.MaxValue || user.Gid > int.MaxValue))
            throw NaruException.Invalid("uids and gids must be in range 0-2147483647");
        if (process.SelinuxLabel is { Length: > 0 } && !Selinux.Enabled)
            throw new NaruException(ErrorKind.Unimplemented, "selinux label is specified in config, but selinux is disabled or not supported");
        Scheduling.Check(process);
        ProcessTerminal.Check(process);
    }

    private static void Check(Spec spec)
    {
        CheckProcess(spec.Process);
        if (spec.Root is not { Path.Length: > 0 })
            throw NaruException.Invalid("root must be specified");
        if (spec.OciVersion.Length == 0 || spec.OciVersion[0] != '1')
            throw NaruException.Invalid($"unsupported ociVersion \"{spec.OciVersion}\", want 1.x");
        MountChecks.Check(spec);
        NamespaceChecks.Check(spec);
        var linux = spec.Linux;
        if (linux?.MountLabel is { Length: > 0 } && !Selinux.Enabled)
            throw new NaruException(ErrorKind.Unimplemented, "mount label is specified in config, but selinux is disabled or not supported");
        if (linux?.IntelRdt is { } classOfService)
            ResctrlMount.Require(ResctrlMount.Find(), classOfService);
        Scheduling.PersonalityOf(linux?.Personality);
        MemoryPlacement.Check(linux?.MemoryPolicy);
        NetworkDevices.Check(linux);
        DeviceRules.Check(linux?.Resources?.Devices);
        foreach (var device in linux?.Devices ?? [])
        {
            if (device.Type is not ("c" or "u" or "b" or "p"))
                throw NaruException.Invalid($"invalid device type \"{device.Type}\"");
        }
    }
}
