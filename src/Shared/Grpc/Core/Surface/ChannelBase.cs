// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>A way to a server, shared by any number of clients and calls.</summary>
public abstract class ChannelBase
{
    /// <summary>Remembers the address.</summary>
    protected ChannelBase(string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        Target = target;
    }

    /// <summary>The address for people, for example <c>127.0.0.1:7443</c>.</summary>
    public string Target { get; }

    /// <summary>An invoker for calls over this channel.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Ends the channel; running calls are cancelled.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>What <see cref="ShutdownAsync"/> does.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
