using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Lifecycle;

/// <summary>The lines that ps(1) prints of a container's processes.</summary>
internal static class ProcessTable
{
    private static readonly string[] Programs = ["/bin/ps", "/usr/bin/ps"];

    /// <param name="arguments">ps' own, among whose columns must be PID.</param>
    public static string Of(IReadOnlyList<int> pids, IReadOnlyList<string> arguments)
    {
        var lines = Run(arguments).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var column = lines.Length == 0 ? -1 : Array.IndexOf(Words(lines[0]), "PID");
        if (column < 0)
            throw NaruException.Invalid("couldn't find PID field in ps output");
        var wanted = new HashSet<string>();
        foreach (var pid in pids)
            wanted.Add(pid.ToString(CultureInfo.InvariantCulture));
        var text = new StringBuilder(lines[0]).Append('\n');
        foreach (var line in lines.Skip(1))
        {
            var words = Words(line);
            if (words.Length > column && wanted.Contains(words[column]))
                text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string Run(IReadOnlyList<string> arguments)
    {
        var program = Programs.FirstOrDefault(File.Exists) ?? throw NaruException.NotFound("exec: \"ps\": executable file not found in $PATH");
        var output = Processes.Pipe();
        var pid = Processes.Fork();
        if (pid == 0)
        {
            try
            {
                Processes.Duplicate(output.Write, 1);
                Processes.Execute(program, ["ps", .. arguments]);
            }
            catch (LinuxException failure)
            {
                Files.WriteStandard(2, failure.Message + "\n");
            }

            Processes.Exit(127);
        }

        output.Write.Dispose();
        using var read = output.Read;
        var text = Encoding.UTF8.GetString(Files.ReadAll(read));
        var status = Processes.Wait(pid);
        return status == 0 ? text : throw new NaruException(ErrorKind.Internal, $"exit status {status}: {text}");
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
