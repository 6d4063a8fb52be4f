namespace Naru.Oci;

/// <summary>JSON's <c>{}</c>, the value of the maps that Go uses as sets.</summary>
public sealed record EmptyObject;
