namespace Naru.Linux;

/// <summary>How much a thread stands back for others.</summary>
public static class Niceness
{
    /// <summary>The calling thread gets a processor only when nobody else wants it, from now on: for a thread that was made for such work.</summary>
    /// <remarks>setpriority(2): a number of 0 is the calling thread. A refusal (there is none for standing back) would change nothing that matters.</remarks>
    public static void StandBack() => _ = Libc.setpriority(Libc.PRIO_PROCESS, 0, 19);
}
