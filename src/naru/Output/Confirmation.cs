using Naru.Cli.Terminal;

namespace Naru.Cli.Output;

/// <summary>The question before something is removed.</summary>
internal static class Confirmation
{
    /// <summary>True for y or yes.</summary>
    public static bool Ask(string question)
    {
        Streams.OutText(question + " [y/N] ");
        Streams.Flush();
        var answer = ReadLine();
        return answer.Equals("y", StringComparison.OrdinalIgnoreCase) || answer.Equals("yes", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>One line of standard input, byte by byte, so that nothing after it is taken.</summary>
    public static string ReadLine()
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (Streams.In.Read(one) == 1 && one[0] != '\n')
            line.Add(one[0]);
        return global::System.Text.Encoding.UTF8.GetString([.. line]).Trim('\r');
    }
}
