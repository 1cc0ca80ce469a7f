using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Parking;

/// <summary>Something to be said to shimstackd; see src/Api/Parking/parking.proto.</summary>
internal enum ParkedKind
{
    Hello,
    Shim,
    Process,
    Gone,
    Whole,
}

/// <summary>One thing to be said: of the shim itself, or of a process.</summary>
internal sealed class ParkedPart(ParkedKind kind, ContainerTask? task = null, TaskProcess? process = null)
{
    public ParkedKind Kind => kind;

    public ContainerTask? Task => task;

    public TaskProcess? Process => process;

    /// <summary>The part's name, by which a newer message takes the place of an older one.</summary>
    public string Unit => task is null ? "shim"
        : ReferenceEquals(process, task.Init) ? $"init {task.Id}"
        : $"exec {task.Id} {process!.Id}";

    /// <summary>Says the same.</summary>
    public bool Is(ParkedPart other) => kind == other.Kind && task == other.Task && process == other.Process;
}
