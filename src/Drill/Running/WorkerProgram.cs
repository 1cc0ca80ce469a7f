using ShimStack.Native.Files;

namespace ShimStack.Drill.Running;

/// <summary>The program in the containers, which is a part of this one.</summary>
internal static class WorkerProgram
{
    public static void Install(string rootfs)
    {
        using Stream program = typeof(WorkerProgram).Assembly.GetManifestResourceStream("worker")
            ?? throw new DrillException("the worker is not a part of this build");
        string path = Path.Combine(rootfs, "worker");
        using (FileStream file = File.Create(path))
        {
            program.CopyTo(file);
        }

        Files.SetMode(path, 0x1ed /* 0755 */);
    }
}
