using Naru.Linux.Terminals;

namespace Naru.Cli.Commands.System;

/// <summary>`system dial-stdio`: joins our stdin and stdout to the engine; the far end of an ssh:// address.</summary>
internal static class DialStdioCommand
{
    public static Command Create()
    {
        var command = new Command("dial-stdio", "Proxy the stdio stream to the daemon connection. Should not be invoked manually.") { Arguments = ArgumentCount.None };
        command.Run = (context, _) =>
        {
            using var connection = context.Engine.Dial();
            new Thread(() =>
            {
                var buffer = new byte[32 * 1024];
                try
                {
                    for (int count; (count = Terminal.Streams.In.Read(buffer)) > 0;)
                        connection.Write(buffer.AsSpan(0, count));
                    connection.CloseWrite();
                }
                catch (Exception e) when (e is IOException or ObjectDisposedException or global::System.Net.Sockets.SocketException)
                {
                    // The engine has closed; what it said last is still read below.
                }
            })
            { IsBackground = true }.Start();
            var output = new DescriptorStream(1);
            var buffer = new byte[32 * 1024];
            for (int count; (count = connection.Read(buffer)) > 0;)
                output.Write(buffer.AsSpan(0, count));
            return 0;
        };
        return command;
    }
}
