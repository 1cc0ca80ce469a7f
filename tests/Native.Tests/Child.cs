using System.Text;

namespace ShimStack.NativeTests;

/// <summary>Spawns programs and waits for exactly those, so that tests that run beside each other do not reap for one another.</summary>
internal static unsafe class Child
{
    private const int PatienceMilliseconds = 30_000;

    internal readonly record struct Result(int Status, string Output);

    internal static SpawnRequest Request(string path, params string[] arguments) => new()
    {
        Path = path,
        Arguments = [path, .. arguments],
        Environment = ["PATH=/usr/bin:/bin", "LC_ALL=C"],
    };

    internal static SpawnRequest Shell(string script) => Request("/bin/sh", "-c", script);

    /// <summary>Runs a program to its end; what it writes to its standard output comes back.</summary>
    internal static Result Run(SpawnRequest request)
    {
        PipePair output = Pipe.Create();
        using FileDescriptor reader = output.ReadEnd;
        int pid;
        using (output.WriteEnd)
        {
            pid = Spawner.Spawn(request with { Descriptors = [.. request.Descriptors, new(output.WriteEnd, 1)] });
        }

        string text = ReadAll(reader);
        return new Result(WaitFor(pid), text);
    }

    /// <summary>Reaps one child of ours; its exit code or 128 + signal.</summary>
    internal static int WaitFor(int pid)
    {
        WaitForEnd(pid);
        ChildInfo info;
        Assert.Equal(0, LinuxCalls.waitid(LinuxCalls.P_PID, pid, &info, LinuxCalls.WEXITED));
        return info.ToExit().Status;
    }

    /// <summary>Waits until a process, ours or not, has ended.</summary>
    internal static void WaitForEnd(int pid)
    {
        using PidDescriptor process = PidDescriptor.Open(pid);
        WaitUntilReadable(process.Descriptor);
    }

    internal static void WaitUntilReadable(FileDescriptor fd)
    {
        using Epoll epoll = Epoll.Create();
        epoll.Add(fd, EpollEvents.EPOLLIN, 0);
        EpollEvent[] events = new EpollEvent[1];
        Assert.Equal(1, epoll.Wait(events, PatienceMilliseconds));
    }

    internal static string ReadAll(FileDescriptor reader)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        while (true)
        {
            WaitUntilReadable(reader);
            IoResult result = Files.Read(reader, buffer);
            Assert.Equal(Errno.None, result.Errno);
            if (result.IsEnd)
            {
                return text.ToString();
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, result.Count));
        }
    }

    /// <summary>One read, which waits.</summary>
    internal static string ReadSome(FileDescriptor reader)
    {
        WaitUntilReadable(reader);
        byte[] buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, Files.Read(reader, buffer).Count);
    }
}
