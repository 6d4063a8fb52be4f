namespace Naru.Build.Dockerfile.Instructions;

/// <summary>ADD: files of the context, URLs, git repositories; archives are unpacked.</summary>
public sealed record AddInstruction : TransferInstruction
{
    /// <summary>Null: not given.</summary>
    public bool? KeepGitFolder { get; init; }

    public string Checksum { get; init; } = "";

    /// <summary>Null: local archives are, remote ones are not.</summary>
    public bool? Unpack { get; init; }
}
