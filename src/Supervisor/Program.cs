using ShimStack.Native.Processes;
using ShimStack.Supervisor;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Upgrade;

// A client that goes away must not end the daemon.
CurrentProcess.IgnoreBrokenPipe();
CurrentProcess.SetUmask(0x12 /* 0022 */);
Succession succession = Succession.Begin();
SocketThreads.Prepare();
Preparation preparation = Preparation.Begin();
Task<ExitCode> serving = SupervisorCommand.RunAsync(args, succession.Settings, settings => new Daemon(settings, succession, preparation).RunAsync(), succession.Failed);

// The first thread waits here, as it would below an await, and is the one that goes on as another build, if there is one to come: while any other
// executes, the process has a dead first thread for a moment, and no program for those who look. See execve(2).
ExitCode code = serving.GetAwaiter().GetResult();
succession.Continue();
return (int)code;
