using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Naru.Base;

namespace Naru.Oci;

/// <summary>What an image runs on: <c>linux/arm64/v8</c>.</summary>
/// <remarks>OCI image-spec, image-index.md. Aliases and the order of preference are containerd's platforms package.</remarks>
public sealed record Platform
{
    [JsonPropertyName("architecture")]
    public string Architecture { get; init; } = "";

    [JsonPropertyName("os")]
    public string Os { get; init; } = "";

    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    [JsonPropertyName("variant")]
    public string? Variant { get; init; }

    /// <summary>This machine's platform, normalised.</summary>
    public static Platform Host { get; } = new Platform
    {
        Os = "linux",
        Architecture = RuntimeInformation.OSArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "amd64",
            System.Runtime.InteropServices.Architecture.X86 => "386",
            System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
            System.Runtime.InteropServices.Architecture.Arm or System.Runtime.InteropServices.Architecture.Armv6 => "arm",
            System.Runtime.InteropServices.Architecture.S390x => "s390x",
            System.Runtime.InteropServices.Architecture.Ppc64le => "ppc64le",
            System.Runtime.InteropServices.Architecture.RiscV64 => "riscv64",
            System.Runtime.InteropServices.Architecture.LoongArch64 => "loong64",
            var other => other.ToString().ToLowerInvariant(),
        },
    }.Normalise();

    /// <summary>Parses <c>os</c>, <c>arch</c>, <c>os/arch</c> or <c>os/arch/variant</c>; normalised, with the host's values for what is left out.</summary>
    /// <exception cref="NaruException">InvalidArgument, with containerd's text.</exception>
    public static Platform Parse(string text)
    {
        var parts = text.Split('/');
        if (text.Contains('*'))
            throw NaruException.Invalid($"\"{text}\": wildcards not yet supported: invalid argument");
        foreach (var part in parts)
        {
            if (part.Length == 0 || part.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
                throw NaruException.Invalid($"\"{part}\" is an invalid component of \"{text}\": platform specifier component must match \"^[A-Za-z0-9_.-]+$\": invalid argument");
        }

        switch (parts)
        {
            case [var one] when IsKnownOs(NormaliseOs(one)):
                return Host with { Os = NormaliseOs(one) };
            case [var one]:
                var alone = new Platform { Os = Host.Os, Architecture = one }.Normalise();
                return IsKnownArchitecture(alone.Architecture) ? alone
                    : throw NaruException.Invalid($"\"{text}\": unknown operating system or architecture: invalid argument");
            case [var os, var architecture]:
                return new Platform { Os = os, Architecture = architecture }.Normalise();
            case [var os, var architecture, var variant]:
                return new Platform { Os = os, Architecture = architecture, Variant = variant }.Normalise();
            default:
                throw NaruException.Invalid($"\"{text}\": cannot parse platform specifier: invalid argument");
        }
    }

    /// <summary>One spelling for each platform: <c>x86_64</c> is amd64, <c>aarch64</c> and arm64/v8 are arm64, arm alone is arm/v7.</summary>
    public Platform Normalise()
    {
        var architecture = Architecture.ToLowerInvariant();
        var variant = Variant?.ToLowerInvariant() ?? "";
        (architecture, variant) = architecture switch
        {
            "i386" => ("386", ""),
            "x86_64" or "x86-64" or "amd64" => ("amd64", variant == "v1" ? "" : variant),
            "aarch64" or "arm64" => ("arm64", variant is "8" or "v8" or "v8.0" ? "" : variant),
            "armhf" => ("arm", "v7"),
            "armel" => ("arm", "v6"),
            "arm" => ("arm", variant switch { "" or "7" => "v7", "5" or "6" or "8" => "v" + variant, _ => variant }),
            _ => (architecture, variant),
        };
        return this with { Os = NormaliseOs(Os), Architecture = architecture, Variant = variant.Length == 0 ? null : variant };
    }

    /// <summary>Whether an image for <paramref name="image"/> runs on this platform, and how well: 0 is exact, higher is worse, -1 is not at all.</summary>
    /// <remarks>arm/v7 runs v6 and v5, arm64 runs 32-bit arm, amd64/v3 runs v2 and v1, amd64 runs 386.</remarks>
    public int Rank(Platform image)
    {
        var wanted = Normalise();
        var offered = image.Normalise();
        return offered.Os == wanted.Os ? wanted.Candidates().IndexOf((offered.Architecture, offered.Variant ?? "")) : -1;
    }

    /// <summary>True when an image for <paramref name="image"/> runs on this platform.</summary>
    public bool Accepts(Platform image) => Rank(image) >= 0;

    /// <summary><c>os/arch</c> or <c>os/arch/variant</c>.</summary>
    public override string ToString() => Os.Length == 0 ? "unknown" : Variant is { Length: > 0 } ? $"{Os}/{Architecture}/{Variant}" : $"{Os}/{Architecture}";

    private List<(string Architecture, string Variant)> Candidates()
    {
        List<(string, string)> candidates = [(Architecture, Variant ?? "")];
        switch (Architecture)
        {
            case "amd64":
                for (var level = Level(Variant, 1) - 1; level >= 1; level--)
                    candidates.Add(("amd64", level == 1 ? "" : $"v{level}"));
                candidates.Add(("386", ""));
                break;
            case "arm":
                for (var level = Level(Variant, 7) - 1; level >= 5; level--)
                    candidates.Add(("arm", $"v{level}"));
                break;
            case "arm64":
                if (Variant is { Length: > 0 })
                    candidates.Add(("arm64", ""));
                for (var level = 8; level >= 5; level--)
                    candidates.Add(("arm", $"v{level}"));
                break;
        }

        return candidates;
    }

    private static int Level(string? variant, int otherwise) =>
        variant is { Length: > 1 } && int.TryParse(variant.AsSpan(1), out var level) ? level : otherwise;

    private static string NormaliseOs(string os) => os.Length == 0 ? Host.Os : os.ToLowerInvariant() is "macos" ? "darwin" : os.ToLowerInvariant();

    private static bool IsKnownOs(string os) => os is "aix" or "android" or "darwin" or "dragonfly" or "freebsd" or "hurd" or "illumos" or "ios"
        or "js" or "linux" or "nacl" or "netbsd" or "openbsd" or "plan9" or "solaris" or "windows" or "zos";

    private static bool IsKnownArchitecture(string architecture) => architecture is "386" or "amd64" or "amd64p32" or "arm" or "armbe" or "arm64"
        or "arm64be" or "ppc64" or "ppc64le" or "loong64" or "mips" or "mipsle" or "mips64" or "mips64le" or "mips64p32" or "mips64p32le" or "ppc"
        or "riscv" or "riscv64" or "s390" or "s390x" or "sparc" or "sparc64" or "wasm";
}
