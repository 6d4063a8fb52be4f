using Naru.Base;
using Naru.HubServer.Commands;
using Naru.Linux;

try
{
    return await CommandTable.Run(args);
}
catch (Exception e) when (e is NaruException or LinuxException or IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
{
    await Console.Error.WriteLineAsync($"naru-hub: {e.Message}");
    return 1;
}
