namespace Naru.Runtime.Checkpoint;

/// <summary>One message of CRIU's (criu_resp of images/rpc.proto).</summary>
internal sealed class CriuResponse
{
    public CriuRequestType Type { get; private set; }

    public bool Success { get; private set; }

    /// <summary>The errno behind a failure, where CRIU says one; else 0.</summary>
    public int Errno { get; private set; }

    /// <summary>Of a notification: how far it is («post-dump»).</summary>
    public string Script { get; private set; } = "";

    /// <summary>Of a notification: the restored first process, as the runtime counts; 0 before there is one.</summary>
    public int Pid { get; private set; }

    /// <summary>Of a feature check: changes of memory can be followed.</summary>
    public bool TracksMemory { get; private set; }

    /// <summary>Of a feature check: memory can come after the process.</summary>
    public bool HasLazyPages { get; private set; }

    /// <summary>major × 10000 + minor × 100 + sublevel; of a version between two releases, as the next minor one's.</summary>
    public int Version { get; private set; }

    public static CriuResponse Parse(ReadOnlySpan<byte> message)
    {
        var response = new CriuResponse();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    response.Type = (CriuRequestType)reader.Number;
                    break;
                case 2:
                    response.Success = reader.Number != 0;
                    break;
                case 5:
                    response.ReadNotification(reader.Bytes);
                    break;
                case 7:
                    response.Errno = (int)reader.Number;
                    break;
                case 8:
                    response.ReadFeatures(reader.Bytes);
                    break;
                case 10:
                    response.ReadVersion(reader.Bytes);
                    break;
            }
        }

        return response;
    }

    private void ReadNotification(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
                Script = reader.Text;
            else if (reader.Field == 2)
                Pid = (int)reader.Number;
        }
    }

    private void ReadFeatures(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
                TracksMemory = reader.Number != 0;
            else if (reader.Field == 2)
                HasLazyPages = reader.Number != 0;
        }
    }

    private void ReadVersion(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        var between = false;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    Version += (int)reader.Number * 10000;
                    break;
                case 2:
                    Version += (int)reader.Number * 100;
                    break;
                case 3:
                    between = !reader.Bytes.IsEmpty;
                    break;
                case 4:
                    Version += (int)reader.Number;
                    break;
            }
        }

        if (between)
            Version = Version - Version % 100 + 100;
    }
}
