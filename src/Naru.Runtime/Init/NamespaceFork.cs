using System.Buffers.Binary;
using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Init;

/// <summary>The fork that makes a process of a container, born into the user and pid namespaces that it is to be of.</summary>
internal static class NamespaceFork
{
    /// <param name="cgroup">The process is born in it, as far as it can be.</param>
    /// <returns>0 in the child; in the runtime the child's pid, as the runtime counts, to wait for.</returns>
    /// <exception cref="NaruException"/>
    public static int Fork(NamespacePlan plan, CgroupEntry cgroup)
    {
        var kinds = plan.Created & NamespacePlan.OfFork;
        if (plan.JoinsFirst)
            return ForkJoined(plan, kinds, cgroup);
        plan.JoinPid();
        return cgroup.Fork(kinds);
    }

    /// <summary>By a process in between, which joins, makes the child its own sibling, says its pid and ends: the runtime stays where it is.</summary>
    private static int ForkJoined(NamespacePlan plan, NamespaceKinds kinds, CgroupEntry cgroup)
    {
        var (read, write) = Processes.Pipe();
        using (read)
        {
            var between = cgroup.Fork(NamespaceKinds.None);
            if (between == 0)
            {
                var pid = 0;
                var message = new byte[4];
                try
                {
                    plan.JoinFirst();
                    pid = Processes.ForkSibling(kinds);
                    BinaryPrimitives.WriteInt32LittleEndian(message, pid);
                }
                catch (Exception failure) when (failure is LinuxException or NaruException)
                {
                    message = [0, 0, 0, 0, .. Encoding.UTF8.GetBytes(failure.Message)];
                }

                if (pid == 0 && message.Length == 4)
                {
                    write.Dispose();
                    return 0;
                }

                Files.Write(write, message);
                Processes.Exit(0);
            }

            write.Dispose();
            var answer = Files.ReadAll(read);
            Processes.Wait(between);
            if (answer.Length == 4)
                return BinaryPrimitives.ReadInt32LittleEndian(answer);
            throw new NaruException(ErrorKind.Internal, answer.Length < 4 ? "the process that joins the namespaces ended early" : Encoding.UTF8.GetString(answer.AsSpan(4)));
        }
    }
}
