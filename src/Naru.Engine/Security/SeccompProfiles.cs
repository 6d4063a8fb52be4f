using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Naru.Base;
using Naru.Oci.Runtime;

namespace Naru.Engine.Security;

/// <summary>Turns a seccomp profile in Docker's form (rules with conditions) into the runtime's (rules without), for a container's capabilities.</summary>
public static class SeccompProfiles
{
    private static readonly Lazy<SeccompDocument> Builtin = new(LoadBuiltin);

    /// <summary>The profile of a container that asks for none.</summary>
    public static Seccomp Default(IReadOnlyList<string> capabilities) => Resolve(Builtin.Value, capabilities);

    /// <exception cref="NaruException">InvalidArgument: no profile.</exception>
    public static Seccomp Parse(string json, IReadOnlyList<string> capabilities)
    {
        try
        {
            return Resolve(JsonSerializer.Deserialize(json, SeccompJson.Default.SeccompDocument) ?? throw new JsonException("null"), capabilities);
        }
        catch (JsonException e)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"Decoding seccomp profile failed: {e.Message}", e);
        }
    }

    private static Seccomp Resolve(SeccompDocument document, IReadOnlyList<string> capabilities)
    {
        var native = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ("arm64", "SCMP_ARCH_AARCH64") : ("amd64", "SCMP_ARCH_X86_64");
        if (document.Architectures is { Count: > 0 } && document.ArchMap is { Count: > 0 })
            throw NaruException.Invalid("both 'architectures' and 'archMap' are specified in the seccomp profile, use either 'architectures' or 'archMap'");
        List<string> architectures = [.. document.Architectures ?? []];
        if (document.ArchMap?.FirstOrDefault(map => map.Architecture == native.Item2) is { } found)
            architectures = [found.Architecture, .. found.SubArchitectures ?? []];
        List<SeccompRule> rules = [];
        foreach (var rule in document.Syscalls ?? [])
        {
            if (!Applies(rule, native.Item1, capabilities))
                continue;
            IReadOnlyList<string> names = rule.Name is { Length: > 0 } one ? [one] : rule.Names ?? [];
            rules.Add(new SeccompRule { Names = names, Action = rule.Action, ErrnoRet = rule.ErrnoRet, Args = rule.Args is { Count: > 0 } ? rule.Args : null });
        }

        return new Seccomp
        {
            DefaultAction = document.DefaultAction,
            DefaultErrnoRet = document.DefaultErrnoRet,
            Architectures = architectures.Count > 0 ? architectures : null,
            Flags = document.Flags,
            ListenerPath = document.ListenerPath,
            ListenerMetadata = document.ListenerMetadata,
            Syscalls = rules,
        };
    }

    private static bool Applies(SeccompDocumentRule rule, string architecture, IReadOnlyList<string> capabilities)
    {
        if (rule.Excludes is { } no
            && ((no.Arches?.Contains(architecture) ?? false) || (no.Caps?.Any(capabilities.Contains) ?? false) || (no.MinKernel is { } below && KernelAtLeast(below))))
            return false;
        return rule.Includes is not { } yes
            || ((yes.Arches is not { Count: > 0 } || yes.Arches.Contains(architecture))
                && (yes.Caps is not { Count: > 0 } || yes.Caps.All(capabilities.Contains))
                && (yes.MinKernel is not { } least || KernelAtLeast(least)));
    }

    private static bool KernelAtLeast(string version)
    {
        var parts = version.Split('.');
        var wanted = new Version(int.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        return Environment.OSVersion.Version >= wanted;
    }

    private static SeccompDocument LoadBuiltin()
    {
        using var stream = typeof(SeccompProfiles).Assembly.GetManifestResourceStream("seccomp.json")!;
        return JsonSerializer.Deserialize(stream, SeccompJson.Default.SeccompDocument)!;
    }
}
