namespace Naru.Build.Dockerfile.Instructions;

/// <summary>ONBUILD: an instruction for those who build on the image.</summary>
public sealed record OnbuildInstruction : Instruction
{
    /// <summary>The instruction, with its here-documents, as the image keeps it.</summary>
    public required string Expression { get; init; }
}
