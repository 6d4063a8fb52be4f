namespace Naru.Base;

/// <summary>Severity of a log line, least first.</summary>
public enum LogLevel
{
    Debug,
    Info,
    Warn,
    Error,
}
