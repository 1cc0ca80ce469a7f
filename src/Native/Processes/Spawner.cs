namespace ShimStack.Native.Processes;

/// <summary>Starts programs through spawn.c. Who waits for them is the caller's business.</summary>
public static unsafe class Spawner
{
    /// <summary>
    /// Starts a program and returns its pid once it has been executed. A failed step is a <see cref="SyscallException"/> of that step
    /// ("execve /bin/x: ... (ENOENT)"), and its child is already reaped. The calling thread stands still meanwhile; its end kills a child
    /// with <see cref="SpawnRequest.DieWithParent"/>. See clone(2), execve(2).
    /// </summary>
    public static int Spawn(SpawnRequest request)
    {
        int held = 0;
        try
        {
            for (; held < request.Descriptors.Count; held++)
            {
                bool added = false;
                request.Descriptors[held].Source.DangerousAddRef(ref added);
            }

            using SpawnBlock block = new(request);
            SpawnStep step;
            Errno error;
            int pid = LinuxCalls.shimstack_spawn(block.Request, &step, &error);
            return pid > 0 ? pid : throw new SyscallException(step.ToString(), error, SubjectOf(step, request));
        }
        finally
        {
            while (held > 0)
            {
                request.Descriptors[--held].Source.DangerousRelease();
            }
        }
    }

    private static string? SubjectOf(SpawnStep step, SpawnRequest request) => step switch
    {
        SpawnStep.chdir => request.WorkingDirectory,
        SpawnStep.open => "/dev/null",
        _ => request.Path,
    };
}
