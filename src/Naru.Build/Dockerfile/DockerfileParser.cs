using Naru.Base;
using Naru.Build.Dockerfile.Instructions;
using Naru.Build.Dockerfile.Linting;

namespace Naru.Build.Dockerfile;

/// <summary>Reads a Dockerfile's bytes into instructions. Nothing is expanded or looked up.</summary>
public static class DockerfileParser
{
    private const int MostInstructions = 10_000;

    /// <param name="linter">Hears of what is allowed but unwise; null: nobody cares.</param>
    /// <exception cref="DockerfileException">In BuildKit's words, with the lines to blame.</exception>
    public static DockerfileDocument Parse(ReadOnlyMemory<byte> source, string fileName, Linter? linter = null)
    {
        linter ??= new Linter(new LintOptions());
        var file = new SourceFile(fileName, source);
        if (source.IsEmpty)
            throw new DockerfileException("the Dockerfile cannot be empty", file, []);
        var directives = DockerfileDirectives.Read(file);
        var lines = new LogicalLineReader(file, directives.Escape, linter).Read();
        if (lines.Count > MostInstructions)
            throw new DockerfileException($"the Dockerfile has {lines.Count} instructions; {MostInstructions} is the most", file, []);
        var (arguments, stages) = (new List<ArgInstruction>(), new List<DockerfileStage>());
        foreach (var line in lines)
        {
            var instruction = Read(line, file, linter);
            if (instruction is FromInstruction from)
                stages.Add(new DockerfileStage(from));
            else if (stages.Count > 0)
                stages[^1].Add(instruction);
            else if (instruction is ArgInstruction argument)
                arguments.Add(argument);
            else
                throw new DockerfileException("no build stage in current context", file, [line.At.Lines]);
        }

        if (stages.Count == 0)
            throw new DockerfileException("dockerfile contains no stages to build", file, []);
        DocumentRules.Check(stages, linter);
        return new DockerfileDocument { File = file, Directives = directives, GlobalArgs = arguments, Stages = stages };
    }

    /// <summary>Reads one instruction that an image kept for those who build on it (ONBUILD).</summary>
    /// <param name="file">Whose FROM calls for it, at <paramref name="lines"/>.</param>
    /// <exception cref="DockerfileException">It is not one instruction, or not one that may be there.</exception>
    public static Instruction ParseTrigger(string expression, SourceFile file, LineRange lines)
    {
        try
        {
            var inner = new SourceFile(file.Name, System.Text.Encoding.UTF8.GetBytes(expression));
            var linter = new Linter(new LintOptions());
            var read = new LogicalLineReader(inner, '\\', linter).Read();
            if (read.Count != 1)
                throw NaruException.Invalid("onbuild trigger should be a single expression");
            var instruction = InstructionReader.Read(read[0] with { At = read[0].At with { Lines = lines } }, linter) with { IsTrigger = true };
            return instruction is not FromInstruction ? instruction : throw NaruException.Invalid("FROM isn't allowed as an ONBUILD trigger");
        }
        catch (NaruException error)
        {
            throw new DockerfileException(error.Message, file, [lines]);
        }
    }

    private static Instruction Read(LogicalLine line, SourceFile file, Linter linter)
    {
        try
        {
            return InstructionReader.Read(line, linter);
        }
        catch (NaruException error)
        {
            throw new DockerfileException($"dockerfile parse error on line {line.At.Lines.Start}: {error.Message}", file, [line.At.Lines]);
        }
    }
}
