using ShimStack.Native.Processes;
using ShimStack.Supervisor;
using ShimStack.Supervisor.Configuration;

// A client that goes away must not end the daemon.
CurrentProcess.IgnoreBrokenPipe();
CurrentProcess.SetUmask(0x12 /* 0022 */);
return (int)await SupervisorCommand.RunAsync(args, settings => new Daemon(settings).RunAsync());
