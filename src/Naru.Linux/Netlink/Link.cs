namespace Naru.Linux;

/// <summary>A network link as a dump tells it. <see cref="Master"/> is the index of the bridge it is in, 0 for none; <see cref="Kind"/> is bridge, veth… or empty.</summary>
public sealed record Link(int Index, string Name, bool IsUp, string Kind, int Master, int Mtu, byte[] Mac);
