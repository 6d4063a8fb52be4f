namespace Naru.Runc.CommandLine;

/// <summary>What a flag takes.</summary>
internal enum FlagKind
{
    /// <summary>Nothing, or <c>=true</c> and <c>=false</c>.</summary>
    Switch,

    Text,

    /// <summary>Text, as often as it is given.</summary>
    Texts,

    Number,

    /// <summary>Numbers, as often as it is given.</summary>
    Numbers,

    /// <summary>A duration in Go's form: 500ms, 5s, 1h30m.</summary>
    Duration,
}
