using ShimStack.Native.Files;

namespace ShimStack.Drill.Targets;

/// <summary>
/// runc behind a script that obeys a file: one call hangs until it is let go, or dies before it has done anything. It notes that it has met the fault, so
/// that nobody needs to wait for a time.
/// </summary>
internal sealed class FaultyRuntime(TargetPlaces places)
{
    private const int Executable = 0x1ed; // 0755

    private static string Script =>
        """
        #!/bin/sh
        call=
        for word; do
          case $word in create|start|exec|kill|delete) call=$word; break ;; esac
        done
        fault=
        [ -e "$0.fault" ] && read -r fault <"$0.fault"
        if [ -n "$call" ] && [ "$fault" = "$call hang" ]; then
          mv "$0.fault" "$0.met"
          read -r go <"$0.gate"
        elif [ -n "$call" ] && [ "$fault" = "$call die" ]; then
          mv "$0.fault" "$0.met"
          kill -9 $$
        fi
        exec runc "$@"
        """;

    /// <summary>Comes when a call has met the fault.</summary>
    public string Met => places.RuntimeProgram + ".met";

    public void Install()
    {
        File.WriteAllText(places.RuntimeProgram, Script + "\n");
        Files.SetMode(places.RuntimeProgram, Executable);
        Files.MakeFifo(places.RuntimeProgram + ".gate", 0x180 /* 0600 */);
    }

    /// <summary>The next such call hangs, or dies.</summary>
    public void Arm(string call, bool hangs)
    {
        File.Delete(Met);
        string whole = places.RuntimeProgram + ".arming";
        File.WriteAllText(whole, $"{call} {(hangs ? "hang" : "die")}\n");
        File.Move(whole, places.RuntimeProgram + ".fault", overwrite: true);
    }

    /// <summary>No call has met it, and none shall.</summary>
    public void Disarm() => File.Delete(places.RuntimeProgram + ".fault");

    /// <summary>What hangs goes on. One that was killed meanwhile has left the gate: nothing happens then.</summary>
    public void LetGo()
    {
        try
        {
            using Native.FileDescriptor gate = Files.Open(places.RuntimeProgram + ".gate", OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK);
            Files.Write(gate, "go\n"u8);
        }
        catch (Native.SyscallException e) when (e.Errno == Native.Errno.ENXIO)
        {
            // Nobody reads.
        }
    }
}
