namespace Naru.Hub.Metadata;

/// <summary>One row of a query's answer; columns count from 0. Valid only inside the function that maps it.</summary>
public interface IRow
{
    string Text(int column);

    string? TextOrNull(int column);

    long Number(int column);

    long? NumberOrNull(int column);

    byte[] Bytes(int column);

    /// <summary>UTC ticks.</summary>
    DateTime Time(int column);

    DateTime? TimeOrNull(int column);

    bool Truth(int column);
}
