using System.Runtime.InteropServices;

namespace Naru.Tests.Runtime.Seccomp;

/// <summary>A test that asks libseccomp, as the second opinion.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibseccompFactAttribute : FactAttribute
{
    public LibseccompFactAttribute()
    {
        if (!NativeLibrary.TryLoad(Libseccomp.Library, out _))
            Skip = $"not installed: {Libseccomp.Library}";
    }
}
