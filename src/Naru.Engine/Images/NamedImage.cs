namespace Naru.Engine.Images;

/// <summary>An image by one of its names.</summary>
public sealed record NamedImage(LocalImage Image, ImageName Name);
