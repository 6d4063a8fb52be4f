namespace Naru.Build.Dockerfile.Instructions;

/// <summary>One instruction, read; nothing is expanded yet. A closed hierarchy, one record an instruction.</summary>
public abstract record Instruction
{
    public required InstructionText At { get; init; }

    /// <summary>It comes from a base image's ONBUILD; its lines are those of the FROM.</summary>
    public bool IsTrigger { get; init; }

    public string Word => At.Word;

    public LineRange Lines => At.Lines;

    public string Text => At.Text;
}
