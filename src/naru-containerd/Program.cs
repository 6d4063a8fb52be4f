using Naru.Base;
using Naru.ContainerdDaemon;
using Naru.Linux;

if (args is ["--help" or "-h"])
{
    Console.Out.WriteLine(Options.Usage);
    return 0;
}

if (args is ["--version" or "-v"])
{
    Console.Out.WriteLine($"naru-containerd {typeof(Options).Assembly.GetName().Version?.ToString(3)}");
    return 0;
}

try
{
    var options = Options.Parse(args);
    Log.Level = options.Level;
    return await Daemon.Run(options);
}
catch (Exception e) when (e is NaruException or LinuxException or IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
{
    Console.Error.WriteLine($"naru-containerd: {e.Message}");
    return 1;
}
