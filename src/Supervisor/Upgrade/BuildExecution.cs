using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.HandOver;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Processes;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>Executes another build in this process, with a letter of what it is left. See execve(2).</summary>
internal sealed class BuildExecution(OwnProgram own, KeptDescriptors kept)
{
    /// <summary>The ends of orphans, which only the one who reaped them knows; null as long as nobody reaps.</summary>
    public OrphanExits? Orphans { private get; set; }

    /// <summary>Does not return.</summary>
    /// <param name="program">The build.</param>
    /// <param name="letter">What it is to know; the rest is written here.</param>
    /// <param name="wayBack">Our own program, if it may come back to us.</param>
    /// <exception cref="SyscallException">It cannot be executed.</exception>
    public void Run(FileDescriptor program, Letter letter, FileDescriptor? wayBack)
    {
        letter.Pid = CurrentProcess.Id;
        List<FileDescriptor> inherited = Leave(letter);
        letter.WayBack = wayBack?.Number ?? 0;
        if (wayBack is not null)
        {
            inherited.Add(wayBack);
        }

        using FileDescriptor file = LetterFile.Write(letter);
        inherited.Add(file);
        ProgramReplacement.Execute(program, own.Arguments, [.. own.Environment, $"{LetterFile.Variable}={file.Number}"], inherited);
    }

    private List<FileDescriptor> Leave(Letter letter)
    {
        List<FileDescriptor> inherited = [];
        letter.Descriptors.Clear();
        foreach ((string name, FileDescriptor descriptor) in kept.All())
        {
            letter.Descriptors.Add(new KeptDescriptor { Name = name, Number = descriptor.Number });
            inherited.Add(descriptor);
        }

        if (Orphans is not null)
        {
            letter.Orphans.Clear();
            letter.Orphans.Add(Orphans.All().Select(orphan => OrphanOf(orphan.Pid, orphan.Exit)));
        }

        return inherited;
    }

    private static Orphan OrphanOf(int pid, OrphanExit exit) => new() { Pid = pid, Status = exit.Status, EndedAt = exit.At.ToTimestamp() };
}
