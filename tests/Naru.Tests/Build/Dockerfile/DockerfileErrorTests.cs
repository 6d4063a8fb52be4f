using System.Text;
using Naru.Build.Dockerfile;

namespace Naru.Tests.Build.Dockerfile;

/// <summary>What BuildKit 0.25 says of each of these, to the letter.</summary>
public class DockerfileErrorTests
{
    [Theory]
    [InlineData("FROM busybox:naru\nRUN <<EOF\nfoo", "unterminated heredoc", 2, 3)]
    [InlineData("", "the Dockerfile cannot be empty", 0, 0)]
    [InlineData("# only comment", "file with no instructions", 1, 1)]
    [InlineData("FROM busybox:naru\nLABEL", "dockerfile parse error on line 2: LABEL requires at least one argument", 2, 2)]
    [InlineData("FROM busybox:naru\nENV a", "ENV must have two arguments", 2, 2)]
    [InlineData("FROM busybox:naru\nENV a=b c", "Syntax error - can't find = in \"c\". Must be of the form: name=value", 2, 2)]
    [InlineData("FROM busybox:naru\nENV =b", "dockerfile parse error on line 2: ENV names can not be blank", 2, 2)]
    [InlineData("FROM busybox:naru\nMAINTAINER", "dockerfile parse error on line 2: MAINTAINER requires exactly one argument", 2, 2)]
    [InlineData("FROM busybox:naru\nMAINTAINER a\nMAINTAINER --foo=1 x", "dockerfile parse error on line 3: unknown flag: --foo", 3, 3)]
    [InlineData("FROM busybox:naru\nCOPY a", "dockerfile parse error on line 2: COPY requires at least two arguments, but only one was provided. Destination could not be determined", 2, 2)]
    [InlineData("FROM busybox:naru\nCOPY --fro=x a b", "dockerfile parse error on line 2: unknown flag: --fro (did you mean from?)", 2, 2)]
    [InlineData("FROM busybox:naru\nCOPY --link=maybe a b", "dockerfile parse error on line 2: expecting boolean value for flag --link, not: maybe", 2, 2)]
    [InlineData("FROM busybox:naru\nCOPY --from a b", "dockerfile parse error on line 2: missing a value on flag: --from", 2, 2)]
    [InlineData("FROM busybox:naru\nCOPY --from=a --from=b a b", "dockerfile parse error on line 2: duplicate flag specified: --from", 2, 2)]
    [InlineData("FROM busybox:naru\nCOPY a <<EOF\nEOF", "dockerfile parse error on line 2: COPY cannot accept a heredoc as a destination", 2, 3)]
    [InlineData("FROM", "dockerfile parse error on line 1: FROM requires either one or three arguments", 1, 1)]
    [InlineData("FROM a b", "dockerfile parse error on line 1: FROM requires either one or three arguments", 1, 1)]
    [InlineData("FROM a as 1x", "dockerfile parse error on line 1: invalid name for build stage: \"1x\", name can't start with a number or contain symbols", 1, 1)]
    [InlineData("FROM a as x y", "dockerfile parse error on line 1: FROM requires either one or three arguments", 1, 1)]
    [InlineData("RUN x", "no build stage in current context", 1, 1)]
    [InlineData("# escape=x\nFROM busybox:naru", "invalid escape token 'x' does not match ` or \\", 0, 0)]
    [InlineData("# escape=`\n# escape=`\nFROM busybox:naru", "only one escape parser directive can be used", 1, 1)]
    [InlineData("# foo=bar\n# escape=`\nFROM busybox:naru\nRUN echo a `\n b", "dockerfile parse error on line 5: unknown instruction: b", 5, 5)]
    [InlineData("\n# escape=`\nFROM busybox:naru\nRUN echo a `\n b", "dockerfile parse error on line 5: unknown instruction: b", 5, 5)]
    [InlineData("FROM busybox:naru\nONBUILD ONBUILD x", "dockerfile parse error on line 2: Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", 2, 2)]
    [InlineData("FROM busybox:naru\nONBUILD FROM x", "dockerfile parse error on line 2: FROM isn't allowed as an ONBUILD trigger", 2, 2)]
    [InlineData("FROM busybox:naru\nONBUILD", "dockerfile parse error on line 2: ONBUILD requires at least one argument", 2, 2)]
    [InlineData("FROM busybox:naru\nWORKDIR", "dockerfile parse error on line 2: WORKDIR requires exactly one argument", 2, 2)]
    [InlineData("FROM busybox:naru\nHEALTHCHECK", "dockerfile parse error on line 2: HEALTHCHECK requires at least one argument", 2, 2)]
    [InlineData("FROM busybox:naru\nHEALTHCHECK NONE x", "dockerfile parse error on line 2: HEALTHCHECK NONE takes no arguments", 2, 2)]
    [InlineData("FROM busybox:naru\nHEALTHCHECK CMD", "dockerfile parse error on line 2: Missing command after HEALTHCHECK CMD", 2, 2)]
    [InlineData("FROM busybox:naru\nHEALTHCHECK FOO x", "dockerfile parse error on line 2: Unknown type \"FOO\" in HEALTHCHECK (try CMD)", 2, 2)]
    [InlineData("FROM busybox:naru\nHEALTHCHECK --interval=1 CMD x", "dockerfile parse error on line 2: time: missing unit in duration \"1\"", 2, 2)]
    [InlineData("FROM busybox:naru\nHEALTHCHECK --interval=1us CMD x", "dockerfile parse error on line 2: Interval \"interval\" cannot be less than 1ms", 2, 2)]
    [InlineData("FROM busybox:naru\nHEALTHCHECK --interval=-1s CMD x", "dockerfile parse error on line 2: Interval \"interval\" cannot be less than 1ms", 2, 2)]
    [InlineData("FROM busybox:naru\nHEALTHCHECK --retries=-1 CMD x", "dockerfile parse error on line 2: --retries cannot be negative (-1)", 2, 2)]
    [InlineData("FROM busybox:naru\nHEALTHCHECK --retries=a CMD x", "dockerfile parse error on line 2: strconv.ParseInt: parsing \"a\": invalid syntax", 2, 2)]
    [InlineData("FROM busybox:naru\nEXPOSE", "dockerfile parse error on line 2: EXPOSE requires at least one argument", 2, 2)]
    [InlineData("FROM busybox:naru\nUSER", "dockerfile parse error on line 2: USER requires exactly one argument", 2, 2)]
    [InlineData("FROM busybox:naru\nVOLUME", "dockerfile parse error on line 2: VOLUME requires at least one argument", 2, 2)]
    [InlineData("FROM busybox:naru\nVOLUME [\"\"]", "dockerfile parse error on line 2: VOLUME specified can not be an empty string", 2, 2)]
    [InlineData("FROM busybox:naru\nSTOPSIGNAL", "dockerfile parse error on line 2: STOPSIGNAL requires exactly one argument", 2, 2)]
    [InlineData("FROM busybox:naru\nARG", "dockerfile parse error on line 2: ARG requires at least one argument", 2, 2)]
    [InlineData("FROM busybox:naru\nARG =x", "dockerfile parse error on line 2: ARG names can not be blank", 2, 2)]
    [InlineData("FROM busybox:naru\nSHELL []", "dockerfile parse error on line 2: SHELL requires at least one argument", 2, 2)]
    [InlineData("FROM busybox:naru\nSHELL a", "dockerfile parse error on line 2: SHELL requires the arguments to be in JSON form", 2, 2)]
    [InlineData("FROM busybox:naru\nSHELL [1]", "when using JSON array syntax, arrays must be comprised of strings only", 2, 2)]
    [InlineData("FROM busybox:naru\nCMD [\"a\", 1]", "when using JSON array syntax, arrays must be comprised of strings only", 2, 2)]
    [InlineData("FROM busybox:naru\nRUN --mount=type=bind,from=$x x", "dockerfile parse error on line 2: 'from' doesn't support variable expansion, define alias stage instead", 2, 2)]
    [InlineData("FROM busybox:naru\nRUN --network=foo x", "dockerfile parse error on line 2: invalid network mode \"foo\"", 2, 2)]
    [InlineData("FROM busybox:naru\nRUN --device=foo=bar,x x", "dockerfile parse error on line 2: invalid field 'x' must be a key=value pair", 2, 2)]
    [InlineData("FROM busybox:naru\nFOO", "dockerfile parse error on line 2: unknown instruction: FOO (did you mean FROM?)", 2, 2)]
    [InlineData("FROM busybox:naru\nCOPYY a b", "dockerfile parse error on line 2: unknown instruction: COPYY (did you mean COPY?)", 2, 2)]
    [InlineData("FROM busybox:naru\nadd --kep-git-dir a b", "dockerfile parse error on line 2: unknown flag: --kep-git-dir (did you mean keep-git-dir?)", 2, 2)]
    [InlineData("FROM busybox:naru\nRUN --mount", "dockerfile parse error on line 2: missing a value on flag: --mount", 2, 2)]
    [InlineData("FROM busybox:naru\nENV a=${b:?no b}", "Syntax error - can't find = in \"b}\". Must be of the form: name=value", 2, 2)]
    [InlineData("FROM busybox:naru\nRUN echo a \\\\\n  echo b", "dockerfile parse error on line 3: unknown instruction: echo", 3, 3)]
    [InlineData("FROM --plat=x busybox:naru", "dockerfile parse error on line 1: unknown flag: --plat", 1, 1)]
    [InlineData("FROM busybox:naru\nCOPY [\"a.txt\"]", "dockerfile parse error on line 2: COPY requires at least two arguments, but only one was provided. Destination could not be determined", 2, 2)]
    [InlineData("FROM busybox:naru\nWORKDIR --foo=x /x", "dockerfile parse error on line 2: unknown flag: --foo", 2, 2)]
    [InlineData("FROM busybox:naru\nUSER --x=y a", "dockerfile parse error on line 2: unknown flag: --x", 2, 2)]
    [InlineData("\ufeffFROM busybox:naru\r\nRUNN a\r\n", "dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)", 2, 2)]
    [InlineData("FROM busybox:naru\nENV --foo a=b", "dockerfile parse error on line 2: unknown flag: --foo", 2, 2)]
    [InlineData("FROM busybox:naru\nLABEL --foo=x a=b", "dockerfile parse error on line 2: unknown flag: --foo", 2, 2)]
    [InlineData("FROM busybox:naru\nRUN --network=$x x", "dockerfile parse error on line 2: invalid network mode \"$x\"", 2, 2)]
    [InlineData("FROM busybox:naru\nRUN <<EOF <<EOF2\necho a\nEOF\n", "unterminated heredoc", 2, 4)]
    [InlineData("FROM busybox:naru\nCOPY --checksum=sha256:x a.txt /", "dockerfile parse error on line 2: unknown flag: --checksum", 2, 2)]
    [InlineData("FROM busybox:naru AS busybox:naru", "dockerfile parse error on line 1: invalid name for build stage: \"busybox:naru\", name can't start with a number or contain symbols", 1, 1)]
    [InlineData("FROM busybox:naru\nONBUILD ENV a", "ENV must have two arguments", 2, 2)]
    [InlineData("FROM busybox:naru\nONBUILD RUN <<EOF\nfoo\n", "unterminated heredoc", 2, 3)]
    [InlineData("ENV a=b", "no build stage in current context", 1, 1)]
    [InlineData("ARG a", "dockerfile contains no stages to build", 0, 0)]
    [InlineData("FROM busybox:naru\nADD", "dockerfile parse error on line 2: ADD requires at least two arguments, but only one was provided. Destination could not be determined", 2, 2)]
    public void An_error_says_what_BuildKit_says_of_the_same_lines(string dockerfile, string message, int first, int last)
    {
        var error = Assert.Throws<DockerfileException>(() => DockerfileParser.Parse(Encoding.UTF8.GetBytes(dockerfile), "Dockerfile"));
        Assert.Equal(message, error.Message);
        Assert.Equal(first == 0 ? [] : [new LineRange(first, last)], error.Ranges);
    }

    [Fact]
    public void The_lines_to_blame_are_shown_with_those_around()
    {
        var source = Encoding.UTF8.GetBytes("FROM busybox:naru AS Build\nRUN --foo=x echo\n\n");
        var error = Assert.Throws<DockerfileException>(() => DockerfileParser.Parse(source, "Dockerfile"));
        Assert.Equal("Dockerfile:2\n--------------------\n   1 |     FROM busybox:naru AS Build\n   2 | >>> RUN --foo=x echo\n   3 |     \n   4 |     \n--------------------\n", error.Shown);
    }

    [Fact]
    public void A_NUL_byte_is_refused_with_its_line() =>
        Assert.Contains("line 2: the line has a NUL byte", Assert.Throws<DockerfileException>(() => DockerfileParser.Parse("FROM a\nRUN echo \0\n"u8.ToArray(), "Dockerfile")).Message);
}
