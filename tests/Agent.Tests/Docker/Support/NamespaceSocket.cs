// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>Sockets of this process inside another network namespace: a socket stays where its thread was when it was made.</summary>
internal static class NamespaceSocket
{
    private const int CloneNewNet = 0x40000000;

    /// <summary>Listens at 127.0.0.1 inside a namespace.</summary>
    /// <param name="path">The namespace's file, such as <c>/run/netns/x</c>.</param>
    /// <param name="port">The port; 0 for any.</param>
    public static Socket Listen(string path, int port = 0)
    {
        Socket? socket = null;
        Exception? failure = null;
        // A thread of its own, which ends right after: it could not be given back to anyone.
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle(path);
                if (SetNamespace(handle.DangerousGetHandle().ToInt32(), CloneNewNet) != 0)
                    throw new IOException($"setns {path}: {Marshal.GetLastPInvokeErrorMessage()}");
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                socket.Listen();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return socket is not null && failure is null ? socket : throw new InvalidOperationException($"no socket in {path}", failure);
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int descriptor, int kind);
}
