using ShimStack.Ctl.Commands;
using ShimStack.Native.Processes;

// Output that nobody reads any more must not end us: the container's exit code is still wanted.
CurrentProcess.IgnoreBrokenPipe();
return await CtlCommand.RunAsync(args);
