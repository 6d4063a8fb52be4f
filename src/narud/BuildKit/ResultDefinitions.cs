using Google.Protobuf;
using Naru.Oci;
using Naru.Rpc.Llb;

namespace Naru.Daemon.BuildKit;

/// <summary>A build's result in the form in which a client hands it to another build: a graph (LLB) of one step, which only this engine knows the meaning of.</summary>
internal static class ResultDefinitions
{
    private const string Scheme = "naru-result://";

    /// <param name="name">The result's, of this engine's own making.</param>
    public static Definition Of(string name)
    {
        var source = new Op { Source = new SourceOp { Identifier = Scheme + name } }.ToByteString();
        var digest = Digest.Of(source.Span).ToString();
        var end = new Op { Inputs = { new Input { Digest = digest } } }.ToByteString();
        // A client takes a definition without metadata for none at all.
        return new Definition { Def = { source, end }, Metadata = { [digest] = new OpMetadata() } };
    }

    /// <returns>Null: it is a graph of the client's own.</returns>
    public static string? NameOf(Definition definition)
    {
        string? name = null;
        foreach (var bytes in definition.Def)
        {
            Op op;
            try
            {
                op = Op.Parser.ParseFrom(bytes);
            }
            catch (InvalidProtocolBufferException)
            {
                return null;
            }

            if (op.Source is { } source && source.Identifier.StartsWith(Scheme, StringComparison.Ordinal))
                name = source.Identifier[Scheme.Length..];
            else if (op.OpCase != Op.OpOneofCase.None)
                return null;
        }

        return name;
    }
}
