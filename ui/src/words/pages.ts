import { m } from "../paraglide/messages";

/** What a guide's page is called, by the identifier that the history keeps of it. An unknown one stands as it is. */
export function pageWords(id: string): string {
  switch (id) {
    case "hubspot-email-disable":
    case "hubspot-email-remove":
    case "hubspot-email-connect":
      return m.page_hubspot_email();
    case "hubspot-channel-delete":
    case "hubspot-channel-connect":
      return m.page_hubspot_channels();
    case "google-connections":
    case "google-connections-own":
      return m.page_google();
    case "microsoft-my-apps":
    case "microsoft-my-apps-own":
      return m.page_microsoft365();
    case "outlook-consent":
    case "outlook-consent-own":
      return m.page_outlook_com();
    default:
      return id;
  }
}
