namespace Naru.Build.Graph;

/// <summary>Copies paths of one file system into another, by the rules of COPY and ADD.</summary>
public sealed record CopyAction : FileAction
{
    /// <summary>Where the paths are; null: scratch (nothing is there).</summary>
    public required Step? From { get; init; }

    /// <summary>Paths in it, absolute; wildcards as in Go's filepath.Match when <see cref="Wildcards"/>.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Absolute. Ends in <c>/</c>: a folder, made if it is not there. Otherwise one file's new name, unless a folder is there or is copied.</summary>
    public required string Target { get; init; }

    public bool Wildcards { get; init; } = true;

    /// <summary>The sources' own paths below a <c>/./</c> pivot (or whole) are kept below the target.</summary>
    public bool Parents { get; init; }

    /// <summary>What not to copy (.dockerignore's patterns), relative to each source's root.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Tar archives (plain, gzip, bzip2, xz, zstd) among the sources are unpacked into the target instead (ADD); never those of a URL unless asked for.</summary>
    public bool Unpack { get; init; }

    /// <summary>As written: <c>user</c>, <c>user:group</c>, numbers; names are looked up in the target's /etc/passwd and /etc/group. Null: the sources' own, which are 0:0 in a context.</summary>
    public string? Owner { get; init; }

    /// <summary>As written: octal (<c>0755</c>) or symbolic (<c>u=rwX,go=rX</c>); null keeps each file's own.</summary>
    public string? Mode { get; init; }

    /// <summary>No error when a wildcard finds nothing (only for ADD's and COPY's implicit uses).</summary>
    public bool AllowEmpty { get; init; }

    public override void Define(DefinitionWriter writer)
    {
        writer.Add(Sources);
        writer.Add(Target);
        writer.Add(Wildcards);
        writer.Add(Parents);
        writer.Add(Exclude);
        writer.Add(Unpack);
        writer.Add(Owner);
        writer.Add(Mode);
        writer.Add(AllowEmpty);
    }
}
