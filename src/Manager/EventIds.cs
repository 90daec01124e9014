// SPDX-License-Identifier: Apache-2.0
using Ids = ClusterManager.Hosting.Logging.EventIds;

namespace ClusterManager.Manager;

/// <summary>Ids of the manager's log events. Stable: an id is never given to another event.</summary>
internal static class EventIds
{
    public const int TurnSlow = Ids.ManagerEngine + 1;
    public const int CommitUnknown = Ids.ManagerEngine + 2;
    public const int MailboxFull = Ids.ManagerEngine + 3;
    public const int CommitRefused = Ids.ManagerEngine + 4;

    public const int TermBegan = Ids.ManagerLeadership + 1;
    public const int TermEnded = Ids.ManagerLeadership + 2;
    public const int ElectionFailed = Ids.ManagerLeadership + 3;
    public const int StateRefused = Ids.ManagerLeadership + 4;
    public const int LeaderChanged = Ids.ManagerLeadership + 5;
    public const int BeatFailed = Ids.ManagerLeadership + 6;
    public const int Bootstrapped = Ids.ManagerLeadership + 7;
    public const int TermHung = Ids.ManagerLeadership + 8;
    public const int ConsulAway = Ids.ManagerLeadership + 9;

    public const int SessionOpened = Ids.ManagerDispatch + 1;
    public const int SessionClosed = Ids.ManagerDispatch + 2;
    public const int SessionRejected = Ids.ManagerDispatch + 3;
    public const int AuditRemoved = Ids.ManagerDispatch + 4;
    public const int AuditFailed = Ids.ManagerDispatch + 5;

    public const int ManagerStarted = Ids.ManagerApi + 1;
    public const int ManagerStopped = Ids.ManagerApi + 2;
    public const int CallRefused = Ids.ManagerApi + 3;
    public const int CallFailed = Ids.ManagerApi + 4;
    public const int Mutated = Ids.ManagerApi + 5;
    public const int NodeJoined = Ids.ManagerApi + 6;
    public const int CertificateReloaded = Ids.ManagerApi + 7;
    public const int Fatal = Ids.ManagerApi + 8;
    public const int RegistriesLoaded = Ids.ManagerApi + 30;
    public const int RegistriesRefused = Ids.ManagerApi + 31;
    public const int MirrorFailed = Ids.ManagerApi + 32;
    public const int ImageFollowed = Ids.ManagerApi + 80;
    public const int TrackingUnwell = Ids.ManagerApi + 81;
    public const int TrackingWell = Ids.ManagerApi + 82;
    public const int HookTaken = Ids.ManagerApi + 83;
    public const int HookRefused = Ids.ManagerApi + 84;
    public const int HelperFailed = Ids.ManagerApi + 85;
}
