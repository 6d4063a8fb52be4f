using Naru.Shim.Actions;

namespace Naru.Shim;

internal static class Program
{
    private static int Main(string[] words)
    {
        try
        {
            var arguments = ShimArguments.Parse(words);
            if (arguments.Version)
                return Print($"naru-shim:\n  Version:  {InfoAction.Version}\n");
            if (arguments.Info)
                return InfoAction.Run();
            if (arguments.Namespace.Length == 0 || arguments.Id.Length == 0)
                throw NaruException.Invalid($"shim {(arguments.Namespace.Length == 0 ? "namespace" : "id")} cannot be empty");
            return arguments.Action switch
            {
                "start" => StartAction.Run(arguments),
                "delete" => DeleteAction.Run(arguments),
                _ => ServeAction.Run(arguments),
            };
        }
        catch (NaruException failure) when (failure.Kind == ErrorKind.InvalidArgument)
        {
            Console.Error.Write($"naru-shim: {failure.Message}\n{ShimArguments.Usage}");
            return 1;
        }
        catch (Exception failure) when (failure is NaruException or IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            Console.Error.WriteLine($"naru-shim: {failure.Message}");
            return 1;
        }
    }

    private static int Print(string text)
    {
        Console.Out.Write(text);
        return 0;
    }
}
