// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Engine;

/// <summary>The engine's mailbox is full: the caller is to try again later.</summary>
internal sealed class MailboxFullException() : Exception("The manager has more to do than it takes on; try again in a moment.");
