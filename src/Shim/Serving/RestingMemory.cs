using ShimStack.Native.Memory;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Serving;

/// <summary>
/// What a shim gives back when it comes to rest: a container runs for hours, and its shim works for milliseconds. Its code, always: what it needs of
/// that comes back by faults, 64 KB each, which costs a third of taking all of it again. And what is free in its heap, when it has worked so much
/// since the last time that there may be something.
/// </summary>
internal sealed class RestingMemory
{
    // Each stands for 128 KB of garbage (Runtime/SpareTime): about ten execs. A collection of everything takes a millisecond.
    private const int CollectionsThatMatter = 8;

    private int _collections;

    public static Settling Settling() => new(new RestingMemory().GiveBack, TimeProvider.System);

    private void GiveBack()
    {
        if (GC.CollectionCount(0) - _collections >= CollectionsThatMatter)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _collections = GC.CollectionCount(0);
        }

        ProgramCode.Release();
    }
}
