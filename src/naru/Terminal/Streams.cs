using System.Text;
using Naru.Linux.Terminals;

namespace Naru.Cli.Terminal;

/// <summary>The three standard streams as plain descriptors: the Console class takes longer to start than most commands run.</summary>
internal static class Streams
{
    private const int EPIPE = 32;

    public static Stream In => field ??= new DescriptorStream(0);

    public static Stream Out => field ??= new BufferedStream(new DescriptorStream(1), 8192);

    public static Stream Error => field ??= new DescriptorStream(2);

    public static void OutLine(string text) => Out.Write(Encoding.UTF8.GetBytes(text + "\n"));

    public static void OutText(string text) => Out.Write(Encoding.UTF8.GetBytes(text));

    public static void ErrorLine(string text)
    {
        Flush();
        Error.Write(Encoding.UTF8.GetBytes(text + "\n"));
    }

    public static void ErrorText(string text) => Error.Write(Encoding.UTF8.GetBytes(text));

    public static void Flush()
    {
        try
        {
            Out.Flush();
        }
        catch (IOException)
        {
            // The reader has gone; there is nobody left to tell.
        }
    }

    public static bool IsBrokenPipe(IOException e) => e.HResult == EPIPE;
}
