namespace Naru.Engine.Logs;

/// <summary>Which of a process's streams bytes came from; the numbers are those of the multiplexed stream's frames.</summary>
public enum LogSource : byte
{
    Stdin = 0,
    Stdout = 1,
    Stderr = 2,
    SystemError = 3,
}
