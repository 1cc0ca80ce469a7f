using System.Diagnostics;
using System.Text;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Native.Polling;
using ShimStack.Native.Processes;

namespace ShimStack.Ctl.Doctor;

/// <summary>
/// A program that was run to its end, or to the end of our patience: its exit status and what it printed, errors included.
/// </summary>
internal sealed record ProgramRun(int Status, string Output)
{
    private const int Patience = 5000; // ms
    private const int PatienceWithTheKernel = 1000; // ms, for what SIGKILL has met; in a system call that hangs it lives on
    private const int MaxOutput = 16 * 1024;
    private const int Standard = 1;
    private const int Error = 2;

    /// <summary>null if there is no such program, or it cannot be executed.</summary>
    public static ProgramRun? Of(string path, string[] arguments) => Of(path, arguments, Patience);

    /// <summary>As above, with a patience in milliseconds.</summary>
    public static ProgramRun? Of(string path, string[] arguments, int patience)
    {
        long began = Stopwatch.GetTimestamp();
        using PipePair output = Pipe.Create();
        int pid;
        try
        {
            pid = Spawner.Spawn(new SpawnRequest
            {
                Path = path,
                Arguments = [path, .. arguments],
                Environment = [$"PATH={Environment.GetEnvironmentVariable("PATH")}", "LC_ALL=C"],
                Descriptors = [new(output.WriteEnd, Standard), new(output.WriteEnd, Error)],
                DieWithParent = true,
            });
        }
        catch (SyscallException)
        {
            return null;
        }

        output.WriteEnd.Dispose();
        using PidDescriptor process = PidDescriptor.Open(pid);
        string text = Read(output.ReadEnd, began, patience);
        // Its output may end before itself, or itself only after all that it has yet to print.
        if (!Await(process.Descriptor, Left(began, patience)))
        {
            process.Send((int)Signal.SIGKILL);
            Await(process.Descriptor, PatienceWithTheKernel);
        }

        return ChildWait.TryNext(out ChildExit exit) ? new ProgramRun(exit.Status, text) : null;
    }

    private static int Left(long began, int patience) => Math.Max(patience - (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds, 0);

    private static string Read(FileDescriptor from, long began, int patience)
    {
        byte[] buffer = new byte[MaxOutput];
        int length = 0;
        while (length < buffer.Length)
        {
            int left = Left(began, patience);
            if (left == 0 || !Await(from, left))
            {
                break;
            }

            IoResult read = Files.Read(from, buffer.AsSpan(length));
            if (!read.IsOk || read.IsEnd)
            {
                break;
            }

            length += read.Count;
        }

        return Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }

    private static bool Await(FileDescriptor descriptor, int milliseconds)
    {
        using Epoll epoll = Epoll.Create();
        epoll.Add(descriptor, EpollEvents.EPOLLIN, 0);
        EpollEvent[] ready = new EpollEvent[1];
        return epoll.Wait(ready, milliseconds) > 0;
    }
}
