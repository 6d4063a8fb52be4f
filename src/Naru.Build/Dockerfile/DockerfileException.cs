using Naru.Base;

namespace Naru.Build.Dockerfile;

/// <summary>What is wrong with a Dockerfile, in BuildKit's words, and where.</summary>
/// <param name="ranges">Usually one; a cycle has several; none where no line is to blame.</param>
public sealed class DockerfileException(string message, SourceFile source, IReadOnlyList<LineRange> ranges, Exception? inner = null)
    : NaruException(ErrorKind.InvalidArgument, message, inner)
{
    public SourceFile File { get; } = source;

    public IReadOnlyList<LineRange> Ranges { get; } = ranges;

    /// <summary>The lines to blame, as BuildKit shows them above the message; empty if there are none.</summary>
    public string Shown
    {
        get
        {
            var shown = "";
            foreach (var range in Ranges)
                shown += File.Show(range);
            return shown;
        }
    }
}
