using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>The images of <c># syntax=</c> whose language is the built-in one.</summary>
public static class KnownFrontends
{
    private static readonly string[] s_names = ["docker.io/docker/dockerfile", "docker.io/docker/dockerfile-upstream"];

    public static bool Contains(string image) =>
        image == "dockerfile.v0" || (ImageReference.TryParse(image.Split(' ')[0], out var reference) && Array.IndexOf(s_names, reference.Name) >= 0);
}
