using Naru.Linux.Terminals;

namespace Naru.Cli.Terminal;

/// <summary>The user's terminal, where there is one.</summary>
internal static class ConsoleTerminal
{
    public static bool IsTerminal(int descriptor) => TerminalMode.IsTerminal(descriptor);

    /// <summary>Rows and columns; zeros when the descriptor is no terminal.</summary>
    public static (int Rows, int Columns) Size(int descriptor) => TerminalMode.Size(descriptor);
}
