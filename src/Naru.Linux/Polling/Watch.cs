using Naru.Linux.Descriptors;

namespace Naru.Linux.Polling;

/// <summary>A descriptor's place in an <see cref="EventLoop"/>. Disposed before the descriptor is; does not own it.</summary>
public sealed class Watch : IDisposable
{
    private readonly EventLoop loop;
    private Readiness interest;

    internal Watch(EventLoop loop, Descriptor descriptor, Action<Readiness> ready)
    {
        this.loop = loop;
        Descriptor = descriptor;
        Ready = ready;
    }

    internal Descriptor Descriptor { get; }

    internal Action<Readiness> Ready { get; }

    internal bool Disposed { get; private set; }

    /// <summary>What is waited for. With None the descriptor leaves epoll, so that a hang-up nobody handles yet does not spin.</summary>
    public Readiness Interest
    {
        get => interest;
        set
        {
            if (value == interest || Disposed)
                return;
            loop.Change(this, interest, value);
            interest = value;
        }
    }

    public void Dispose()
    {
        Interest = Readiness.None;
        Disposed = true;
    }
}
