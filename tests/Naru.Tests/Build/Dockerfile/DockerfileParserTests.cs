using System.Text;
using Naru.Build.Dockerfile;
using Naru.Build.Dockerfile.Instructions;
using Naru.Build.Dockerfile.Linting;
using Naru.Build.Graph;

namespace Naru.Tests.Build.Dockerfile;

public class DockerfileParserTests
{
    [Fact]
    public void An_instruction_knows_its_lines_its_text_and_the_comments_above()
    {
        var document = Parse("# one\n#\n# two\nFROM busybox:naru AS base\n\nRUN a \\\n# within\n\n  b\nRUN <<E\nx\nE\n");
        var stage = Assert.Single(document.Stages);
        Assert.Equal(new LineRange(4, 4), stage.From.Lines);
        Assert.Equal(["two"], stage.From.At.Comments);
        Assert.Equal([new LineRange(6, 9), new LineRange(10, 12)], stage.Instructions.Select(one => one.Lines));
        Assert.Equal("RUN a   b", stage.Instructions[0].Text);
    }

    [Fact]
    public void Arguments_before_the_first_stage_are_global_and_descriptions_are_kept()
    {
        var document = Parse("# V of the base\nARG V=1 W\n# base is it\nFROM x:$V AS base\n");
        Assert.Equal([new ArgDefinition("V", "1", "of the base"), new ArgDefinition("W", null, "")], Assert.Single(document.GlobalArgs).Definitions);
        Assert.Equal("is it", document.Stages[0].From.Description);
    }

    [Fact]
    public void COPY_has_its_flags_and_here_documents()
    {
        var copy = Instruction<CopyInstruction>("COPY --from=a --chown=b:c --chmod=1 --link --parents --exclude=x --exclude=y f <<E <<-'T' /d/\n$a\nE\n\tt\n\tT\n");
        Assert.Equal(("a", "b:c", "1", true, true), (copy.From, copy.Chown, copy.Chmod, copy.Link, copy.Parents));
        Assert.Equal(["x", "y"], copy.Exclude);
        Assert.Equal(["f"], copy.Sources);
        Assert.Equal("/d/", copy.Destination);
        Assert.Equal(["E", "T"], copy.Heredocs.Select(one => one.Name));
        Assert.Equal([true, false], copy.Heredocs.Select(one => one.Expands));
        Assert.Equal(["$a\n", "t\n"], copy.Heredocs.Select(one => Encoding.UTF8.GetString(one.Chomped())));
    }

    [Fact]
    public void ADD_has_its_flags()
    {
        var add = Instruction<AddInstruction>("ADD --checksum=c --keep-git-dir --unpack=false [\"a b\", \"/c\"]");
        Assert.Equal(("c", true, false), (add.Checksum, add.KeepGitFolder, add.Unpack));
        Assert.Equal(["a b"], add.Sources);
        Assert.Null(Instruction<AddInstruction>("ADD a b").Unpack);
    }

    [Fact]
    public void RUN_has_its_flags_and_forms()
    {
        var run = Instruction<RunInstruction>("RUN --mount=type=cache,target=/c --mount=target=/b --network=none --security=insecure echo  'a'  \"b\"");
        Assert.Equal(["type=cache,target=/c", "target=/b"], run.Mounts);
        Assert.Equal((RunNetwork.None, true, true), (run.Network, run.Insecure, run.Line.IsShellForm));
        Assert.Equal(["echo  'a'  \"b\""], run.Line.Arguments);
        var exec = Instruction<RunInstruction>("RUN [ \"a\" , \"b\\u00e9\" ]");
        Assert.False(exec.Line.IsShellForm);
        Assert.Equal(["a", "bé"], exec.Line.Arguments);
        Assert.True(Instruction<RunInstruction>("RUN [\"a\"] b").Line.IsShellForm);
    }

    [Fact]
    public void The_escape_directive_changes_the_escape()
    {
        var document = Parse("# escape=`\nFROM x\nRUN a `\n b\\\nENV A=\"c\\\" B=d` e\n");
        Assert.Equal("RUN a  b\\", document.Stages[0].Instructions[0].Text);
        Assert.Equal([new KeyValue("A", "\"c\\\"", false), new KeyValue("B", "d` e", false)], Assert.IsType<EnvInstruction>(document.Stages[0].Instructions[1]).Pairs);
    }

    [Fact]
    public void Directives_end_at_the_first_line_that_is_none()
    {
        var directives = Parse("# Syntax = docker/dockerfile:1\n#check=skip=all\n\n# escape=`\nFROM x\n").Directives;
        Assert.Equal(("docker/dockerfile:1", "skip=all", '\\'), (directives.Syntax, directives.Check, directives.Escape));
    }

    [Fact]
    public void Other_instructions_are_read()
    {
        var document = Parse("""
            FROM --platform=$X scratch
            HEALTHCHECK --interval=1m --retries=2 CMD a  b
            HEALTHCHECK CMD ["a"]
            EXPOSE 90 80/udp
            VOLUME ["/a b", "/c"]
            LABEL a b c
            SHELL ["s", "-c"]
            ONBUILD RUN <<E
            x
            E
            USER a b
            """);
        var instructions = document.Stages[0].Instructions;
        Assert.Equal("$X", document.Stages[0].From.Platform);
        Assert.Equal(["CMD-SHELL", "a  b"], Assert.IsType<HealthcheckInstruction>(instructions[0]).Check.Test);
        Assert.Equal((60_000_000_000, 2), (((HealthcheckInstruction)instructions[0]).Check.Interval, ((HealthcheckInstruction)instructions[0]).Check.Retries));
        Assert.Equal(["CMD", "a"], Assert.IsType<HealthcheckInstruction>(instructions[1]).Check.Test);
        Assert.Equal(["80/udp", "90"], Assert.IsType<ExposeInstruction>(instructions[2]).Ports);
        Assert.Equal(["/a b", "/c"], Assert.IsType<VolumeInstruction>(instructions[3]).Paths);
        Assert.Equal([new KeyValue("a", "b c", true)], Assert.IsType<LabelInstruction>(instructions[4]).Pairs);
        Assert.Equal(["s", "-c"], Assert.IsType<ShellInstruction>(instructions[5]).Arguments);
        Assert.Equal("RUN <<E\nx\nE", Assert.IsType<OnbuildInstruction>(instructions[6]).Expression);
        Assert.Equal("a b", Assert.IsType<UserInstruction>(instructions[7]).User);
    }

    [Fact]
    public void A_heredoc_that_a_JSON_array_names_is_none() =>
        Assert.Equal(["<<E"], Instruction<CopyInstruction>("COPY [\"<<E\", \"/f\"]").Sources);

    [Fact]
    public void A_skipped_rule_is_silent_and_others_speak()
    {
        var linter = new Linter(LintOptions.Parse("skip=StageNameCasing, MaintainerDeprecated"));
        DockerfileParser.Parse("FROM x as B\nmaintainer m\nRUN a \\\n\n b\n"u8.ToArray(), "Dockerfile", linter);
        Assert.Equal(
            ["FromAsCasing: 'as' and 'FROM' keywords' casing do not match", "ConsistentInstructionCasing: Command 'maintainer' should match the case of the command majority (uppercase)",
                "NoEmptyContinuation: Empty continuation line"],
            Linter.Sorted(linter.Warnings).Select(warning => $"{warning.Rule.Name}: {warning.Detail}"));
    }

    private static DockerfileDocument Parse(string text) => DockerfileParser.Parse(Encoding.UTF8.GetBytes(text), "Dockerfile");

    private static T Instruction<T>(string text)
        where T : Instruction => Assert.IsType<T>(Assert.Single(Parse("FROM x\n" + text).Stages[0].Instructions));
}
